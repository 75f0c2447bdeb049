import { plainTick } from '../../charts/chart.ts';
import { SIGNED, tableColour } from '../../charts/pixels.ts';

/** The place of r on the signed map: blue for -1, white for 0 and for what is not a number, red for 1. */
function signedShare(value: number): number {
  return Number.isFinite(value) ? (value + 1) / 2 : 0.5;
}

/** The colour of r for a style sheet. */
export function signedColour(value: number): string {
  const pixel = tableColour(SIGNED, signedShare(value));
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/** A matrix of r as pixels, [n, n, 4] flat. */
export function matrixPixels(values: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = Uint32Array.from(values, (value) => tableColour(SIGNED, signedShare(value)));
  return new Uint8ClampedArray(pixels.buffer);
}

/** r of two features in words, e.g. "length and width: r = 0.87". */
export function describePair(
  names: readonly string[],
  values: Float32Array,
  row: number,
  column: number,
): string {
  const value = values[row * names.length + column] ?? Number.NaN;
  const r = Number.isFinite(value) ? plainTick(Number(value.toFixed(3))) : 'undefined, as one is constant';
  return `${names[row] ?? ''} and ${names[column] ?? ''}: r = ${r}`;
}

/** The pairs that go together most, the strongest first. */
export function strongestPairs(
  values: Float32Array,
  size: number,
  most: number,
): { readonly row: number; readonly column: number; readonly r: number }[] {
  const pairs: { row: number; column: number; r: number }[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const r = values[row * size + column]!;
      if (Number.isFinite(r)) pairs.push({ row, column, r });
    }
  }
  return pairs.sort((a, b) => Math.abs(b.r) - Math.abs(a.r)).slice(0, most);
}

/** Where an arrow key moves in a square matrix; null for another key. */
export function moveInMatrix(
  key: string,
  [row, column]: readonly [number, number],
  size: number,
): readonly [number, number] | null {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
  if (step === undefined) return null;
  const kept = (at: number) => Math.max(0, Math.min(size - 1, at));
  return [kept(row + step[0]!), kept(column + step[1]!)];
}
