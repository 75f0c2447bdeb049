import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './codec.ts';
import { StudioError } from './errors.ts';

describe('codec', () => {
  it('gives back any JSON value, whatever its keys are called', () => {
    const keys = fc.oneof(
      fc.constantFrom('$typed', 'base64', 'value', '__proto__', 'constructor'),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (message) => {
        // JSON itself is the oracle for what plain values become (-0 turns into 0).
        expect(decodeMessage(encodeMessage(message))).toEqual(JSON.parse(JSON.stringify(message)));
      }),
    );
  });

  it('gives typed arrays back exactly, also from the middle of a larger buffer, on a buffer of their own', () => {
    const floats = fc.float32Array().map((array) => new Float32Array([9, ...array, 9]).subarray(1, -1));
    const integers = fc.int32Array();
    const bytes = fc.uint8Array({ maxLength: 100_000, size: 'max' });
    fc.assert(
      fc.property(fc.oneof(floats, integers, bytes), (array) => {
        const { back } = decodeMessage(encodeMessage({ back: array })) as { back: typeof array };
        expect(back.constructor).toBe(array.constructor);
        expect(Buffer.from(back.buffer).equals(bytesOf(array))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('writes the bytes as standard base64, little-endian', () => {
    const text = encodeMessage(new Uint16Array([0x0102, 0xffff]));
    expect(JSON.parse(text)).toEqual({
      $typed: 'Uint16Array',
      base64: Buffer.from([2, 1, 255, 255]).toString('base64'),
    });
  });

  it.each([
    ['no JSON', '{'],
    ['an unknown tag', '{"$typed":"Function","base64":""}'],
    ['an inherited name as tag', '{"$typed":"constructor","base64":""}'],
    ['foreign characters', '{"$typed":"Uint8Array","base64":"%%%"}'],
    ['half an element', '{"$typed":"Float32Array","base64":"AAA="}'],
    ['no bytes', '{"$typed":"Uint8Array"}'],
  ])('refuses %s as invalid input', (_, text) => {
    expect(() => decodeMessage(text)).toThrow(StudioError);
    expect(() => decodeMessage(text)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});

function bytesOf(array: Float32Array | Int32Array | Uint8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}
