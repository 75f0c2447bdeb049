/**
 * An exponential moving average without the bias of its start (Kingma & Ba 2015, section 3): the mean of the numbers so
 * far, each weighing `weight` times as much as the next one. Gaps (NaN) stay gaps and count for nothing.
 * @param weight in [0, 1); 0 gives the numbers themselves
 */
export function smooth(values: Float64Array<ArrayBuffer>, weight: number): Float64Array<ArrayBuffer> {
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let weights = 0;
  values.forEach((value, index) => {
    if (Number.isNaN(value)) {
      smoothed[index] = Number.NaN;
      return;
    }
    sum = weight * sum + value;
    weights = weight * weights + 1;
    smoothed[index] = sum / weights;
  });
  return smoothed;
}
