/**
 * Zeros before and after one side so that a window with strides covers it as TensorFlow's "same" does: the odd one
 * comes after.
 * @param size of the side; `window` with its dilation
 */
export function samePadding(size: number, window: number, stride: number): readonly [number, number] {
  const outputs = Math.ceil(size / stride);
  const total = Math.max(0, (outputs - 1) * stride + window - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
