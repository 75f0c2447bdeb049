import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillFromFile } from './fill-from-file.ts';

/** A file that gives at most so many bytes per read, in whatever order reads end. */
function fileOf(content: Uint8Array, bytesPerRead: number): Parameters<typeof fillFromFile>[0] {
  const read = async (into: Uint8Array, offset: number, length: number, position: number) => {
    await Promise.resolve();
    const bytes = content.subarray(position, position + Math.min(length, bytesPerRead));
    into.set(bytes, offset);
    return { bytesRead: bytes.length, buffer: into };
  };
  return { read } as unknown as Parameters<typeof fillFromFile>[0];
}

it('fills the array however little each read gives, and hands every byte on once, in order', async () => {
  const anyCase = fc.record({
    content: fc.uint8Array({ maxLength: 200 }),
    start: fc.nat(50),
    asked: fc.nat(200),
    bytesPerRead: fc.integer({ min: 1, max: 64 }),
  });
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ content, start, asked, bytesPerRead }) => {
      const bytes = new Uint8Array(asked);
      const handedOn: number[] = [];
      const filled = await fillFromFile(fileOf(content, bytesPerRead), bytes, start, (chunk) =>
        handedOn.push(...chunk),
      );
      const expected = content.subarray(start, start + asked);
      expect(filled).toBe(expected.length);
      expect([...bytes.subarray(0, filled)]).toEqual([...expected]);
      expect(handedOn).toEqual([...expected]);
    }),
  );
});
