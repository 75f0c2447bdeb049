/** Protocol buffers' wire format (encoding specification, proto3), as far as graphs need it. */

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

export type Bytes = Uint8Array;

/** A number in groups of seven bits, lowest first. */
export function varint(value: number | bigint): Bytes {
  if (value >= 0 && value <= 0x7f) return Uint8Array.of(Number(value));
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

/** The parts one after the other. */
export function concat(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function tag(field: number, wire: number): Bytes {
  return varint((field << 3) | wire);
}

/** A field of type int32, int64, bool or enum. */
export function integer(field: number, value: number | bigint): Bytes {
  return concat([tag(field, WIRE_VARINT), varint(value)]);
}

/** A field of type bytes, or of an encoded message. */
export function bytes(field: number, value: Bytes): Bytes {
  return concat([tag(field, WIRE_BYTES), varint(value.length), value]);
}

const encoder = new TextEncoder();

/** A field of type string. */
export function text(field: number, value: string): Bytes {
  return bytes(field, encoder.encode(value));
}

/** A field of type float. */
export function float(field: number, value: number): Bytes {
  return concat([tag(field, WIRE_FIXED32), new Uint8Array(Float32Array.of(value).buffer)]);
}
