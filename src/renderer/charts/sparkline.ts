/** An SVG path through values from left to right, scaled to the box; what was not measured breaks the line. */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const measured = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (measured.length === 0) return '';
  const low = Math.min(...measured);
  const range = Math.max(...measured) - low || 1;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let pen = 'M';
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      pen = 'M';
      return;
    }
    path += `${pen}${(index * step).toFixed(1)} ${((1 - (value - low) / range) * height).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}
