import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Writes a file into a folder and returns its path; a name that ends in ".gz" is packed. */
export function writeFile(folder: string, name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  return path;
}

/** An idx file of unsigned bytes. */
export function idxBytes(shape: readonly number[], valueOf: (index: number) => number): Uint8Array {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, 8, shape.length]);
  shape.forEach((side, axis) => head.writeUInt32BE(side, 4 + 4 * axis));
  const count = shape.reduce((product, side) => product * side, 1);
  return Buffer.concat([head, Uint8Array.from({ length: count }, (_, index) => valueOf(index))]);
}

/** A batch of CIFAR-10: the labels count up, every image is of one colour. */
export function cifarBytes(count: number, colour: readonly [number, number, number]): Uint8Array {
  const records = Array.from({ length: count }, (_, row) =>
    Buffer.concat([Uint8Array.of(row % 10), ...colour.map((level) => Buffer.alloc(1_024, level))]),
  );
  return Buffer.concat(records);
}

/** USPS digits as text; the grey values of a row are `valueOf(row)`. */
export function uspsText(count: number, valueOf: (row: number) => string): string {
  const line = (row: number): string => `${row % 10}.0000 ${`${valueOf(row)} `.repeat(256)}`;
  return `${Array.from({ length: count }, (_, row) => line(row)).join('\n')}\n`;
}

/** A .npy file of format 1.0. */
export function npyBytes(descr: string, shape: readonly number[], elements: ArrayBufferView): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const head = Buffer.from(`\x93NUMPY\x01\x00  ${header}`, 'latin1');
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)]);
}

/** One file of a tar archive (ustar), with its padding; `change` damages the header before its checksum is taken. */
export function tarEntry(
  name: string,
  bytes: Uint8Array,
  change: (header: Buffer) => void = () => undefined,
): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write('0000644', 100);
  header.write(bytes.length.toString(8).padStart(11, '0'), 124);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar', 257);
  change(header);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** Two blocks of zeros, which end an archive. */
export const tarEnd: Uint8Array = Buffer.alloc(1_024);
