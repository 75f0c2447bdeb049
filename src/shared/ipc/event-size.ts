/** Events above this are refused: they would stall every window. Bigger things are results of calls. */
export const maxEventBytes = 64 * 1024;

/** Rough size of a payload on the wire: strings by length, numbers 8 bytes, typed arrays by their bytes. */
export function estimateBytes(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + estimateBytes(item), 2);
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + estimateBytes(item), 2);
}
