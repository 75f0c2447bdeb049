import { StudioError } from '../../../shared/ipc/errors.ts';
import directions from './sobol-directions.json' with { type: 'json' };

const BITS = 32;
const SCALE = 2 ** -BITS;

/** Dimensions there are direction numbers for. */
export const MOST_DIMENSIONS = directions.length;

/** v_1 to v_32 of a dimension (Bratley and Fox 1988), from the numbers of Joe and Kuo (2008). */
function directionNumbers(dimension: number): Uint32Array {
  const { polynomial, initial } = directions[dimension]!;
  const numbers = new Uint32Array(BITS);
  const degree = 31 - Math.clz32(polynomial);
  for (let bit = 0; bit < BITS; bit++) {
    if (dimension === 0) numbers[bit] = 2 ** (BITS - 1 - bit);
    else if (bit < degree) numbers[bit] = initial[bit]! * 2 ** (BITS - 1 - bit);
    else numbers[bit] = nextDirection(numbers, bit, degree, polynomial);
  }
  return numbers;
}

/** v_i = a_1 v_(i-1) + ... + a_(s-1) v_(i-s+1) + v_(i-s) + v_(i-s) / 2^s over GF(2). */
function nextDirection(numbers: Uint32Array, bit: number, degree: number, polynomial: number): number {
  let next = numbers[bit - degree]! ^ (numbers[bit - degree]! >>> degree);
  for (let term = 1; term < degree; term++) {
    if ((polynomial >>> (degree - term)) & 1) next ^= numbers[bit - term]!;
  }
  return next >>> 0;
}

const known = new Map<number, Uint32Array>();

function numbersOf(dimension: number): Uint32Array {
  if (dimension >= MOST_DIMENSIONS) {
    throw new StudioError(
      'unsupported',
      `search: a Sobol sequence has at most ${MOST_DIMENSIONS} dimensions here; search fewer parameters, or draw at random`,
    );
  }
  const numbers = known.get(dimension) ?? directionNumbers(dimension);
  known.set(dimension, numbers);
  return numbers;
}

/**
 * The number at a place of the unscrambled sequence, as 32 bits behind the point (Sobol 1967, in the order of the Gray
 * code of Antonov and Saleev 1979).
 * @throws StudioError `unsupported` beyond {@link MOST_DIMENSIONS}
 */
export function sobolWord(index: number, dimension: number): number {
  const numbers = numbersOf(dimension);
  let word = 0;
  for (let gray = (index ^ (index >>> 1)) >>> 0, bit = 0; gray !== 0; gray >>>= 1, bit++) {
    if (gray & 1) word ^= numbers[bit]!;
  }
  return word >>> 0;
}

function reverseBits(value: number): number {
  let word = value;
  word = ((word >>> 1) & 0x5555_5555) | ((word & 0x5555_5555) << 1);
  word = ((word >>> 2) & 0x3333_3333) | ((word & 0x3333_3333) << 2);
  word = ((word >>> 4) & 0x0f0f_0f0f) | ((word & 0x0f0f_0f0f) << 4);
  word = ((word >>> 8) & 0x00ff_00ff) | ((word & 0x00ff_00ff) << 8);
  return ((word >>> 16) | (word << 16)) >>> 0;
}

/**
 * Nested uniform scrambling (Owen 1998) by hashing: each bit is flipped depending on those above it (Laine and Karras
 * 2011, with the constants of Vegdahl 2021). Points stay as evenly spread as the sequence.
 */
export function scramble(word: number, key: number): number {
  let bits = reverseBits(word);
  bits ^= Math.imul(bits, 0x3d20_adea);
  bits = (bits + key) >>> 0;
  bits = Math.imul(bits, (key >>> 16) | 1);
  bits ^= Math.imul(bits, 0x0552_6c56);
  bits ^= Math.imul(bits, 0x53a2_2864);
  return reverseBits(bits >>> 0);
}

/** A word as a number in [0, 1). */
export function toShare(word: number): number {
  return word * SCALE;
}
