/** The level all sentences judge by. */
export const SIGNIFICANCE = 0.05;

/** Shares are told in percent and their differences in percentage points. */
function isShare(metric: string): boolean {
  return metric.endsWith('accuracy');
}

/** Is more of it better? */
export function isHigherBetter(metric: string): boolean {
  return isShare(metric);
}

/** "dev accuracy", "test root mean squared error", "dev digit accuracy" of a head. */
export function measureWords(split: string, metric: string): string {
  return `${split} ${metric.replaceAll(/[/-]/g, ' ')}`;
}

function plain(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(digits - 1);
  return String(Number(value.toPrecision(digits)));
}

/** A size such as "0.84 points" or "0.0132". */
export function differenceWords(value: number, metric: string): string {
  return isShare(metric) ? `${(100 * value).toFixed(2)} points` : plain(value, 3);
}

/** "0.31 to 1.37 points". */
export function intervalWords([lower, upper]: readonly [number, number], metric: string): string {
  return isShare(metric)
    ? `${(100 * lower).toFixed(2)} to ${(100 * upper).toFixed(2)} points`
    : `${plain(lower, 3)} to ${plain(upper, 3)}`;
}

/** "p = 0.0134", "p < 0.0001". */
export function pWords(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(3))}`;
}

/** Cohen's words for the size of d (1988). */
export function effectWords(d: number): string {
  const size = Math.abs(d);
  const word = size < 0.2 ? 'negligible' : size < 0.5 ? 'small' : size < 0.8 ? 'medium' : 'large';
  return `${word} effect, d = ${d.toFixed(2)}`;
}

/** "1 seed", "3 seeds". */
export function countWords(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
