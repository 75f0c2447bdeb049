/** float32 numbers as base64 of their bytes, little-endian: a third of the length of decimal digits, and exact. */
export function encodeNumbers(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

/** The numbers that {@link encodeNumbers} wrote, in memory of their own. */
export function decodeNumbers(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const values = new Float32Array(Math.floor(bytes.length / 4));
  new Uint8Array(values.buffer).set(bytes.subarray(0, values.byteLength));
  return values;
}
