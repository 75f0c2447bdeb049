/** Where an axis has ticks and what is written at them. */
export interface Ticks {
  readonly major: readonly { readonly value: number; readonly label: string }[];
  /** Ticks without a number. */
  readonly minor: readonly number[];
  /** Power of ten that is left out of the labels and told in the axis's title; 0 for none. */
  readonly exponent: number;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** "10⁻³" of -3. */
export function powerOfTen(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPTS[Number(digit)] ?? digit);
  return `10${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}

/** The step of 1, 2 or 5 times a power of ten that comes nearest to so many ticks. */
export function niceStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const error = rough / power;
  return power * (error >= Math.sqrt(50) ? 10 : error >= Math.sqrt(10) ? 5 : error >= Math.SQRT2 ? 2 : 1);
}

/** Multiples of a nice step in [minimum, maximum]. */
export function linearValues(minimum: number, maximum: number, count: number): number[] {
  const step = niceStep(maximum - minimum, count);
  const digits = Math.max(0, Math.min(100, -Math.floor(Math.log10(step) + 1e-9)));
  const first = Math.ceil(minimum / step - 1e-9);
  const last = Math.floor(maximum / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    // Written and read back, so that 3 * 0.1 is 0.3.
    Number(((first + i) * step).toFixed(digits)),
  );
}

/** The limits widened to whole steps. */
export function niceLimits(minimum: number, maximum: number, count: number): [number, number] {
  let [low, high] = [minimum, maximum];
  // Wider limits may ask for a wider step, of which they have to be multiples as well.
  for (let step = 0; step !== niceStep(high - low, count);) {
    step = niceStep(high - low, count);
    low = Math.floor(low / step + 1e-9) * step;
    high = Math.ceil(high / step - 1e-9) * step;
  }
  return [low, high];
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A number with so many decimals, a true minus, and digits in groups from 10,000 on. */
export function writeNumber(value: number, decimals: number): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? '−' : '';
  const digits = whole.length > 4 ? grouped(whole) : whole;
  return `${sign}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A number alone, with at most so many significant digits and none that are needless. */
export function writeBrief(value: number, significant = 4): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : 'not a number';
  const rounded = Number(value.toPrecision(significant));
  const size = Math.abs(rounded);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) {
    const exponent = Math.floor(Math.log10(size) + 1e-12);
    return `${writeBrief(rounded / 10 ** exponent, significant)}·${powerOfTen(exponent)}`;
  }
  const decimals = (String(size).split('.')[1] ?? '').length;
  return writeNumber(rounded, decimals);
}

/** Decimals that tell multiples of the step apart. */
function decimalsOf(values: readonly number[]): number {
  return Math.max(
    0,
    ...values.map((value) => (String(Number(value.toPrecision(12))).split('.')[1] ?? '').length),
  );
}

/** Labels with the same decimals, and a power of ten taken out of very large or small numbers. */
export function linearTicks(minimum: number, maximum: number, count: number): Ticks {
  const values = linearValues(minimum, maximum, count);
  const largest = Math.max(...values.map(Math.abs), 0);
  const exponent = largest >= 1e6 || (largest > 0 && largest < 1e-3) ? Math.floor(Math.log10(largest)) : 0;
  const shown = values.map((value) => Number((value / 10 ** exponent).toPrecision(12)));
  const decimals = decimalsOf(shown);
  const major = values.map((value, i) => ({ value, label: writeNumber(shown[i]!, decimals) }));
  return { major, minor: [], exponent };
}

/** Powers of ten, evenly thinned; where there are fewer than three of them, twos and fives as well. */
export function logTicks(minimum: number, maximum: number, count: number): Ticks {
  const [low, high] = [Math.log10(minimum), Math.log10(maximum)];
  const decades: number[] = [];
  for (let exponent = Math.ceil(low - 1e-9); exponent <= high + 1e-9; exponent++) decades.push(exponent);
  if (decades.length < 3) return denseLogTicks(minimum, maximum, count);
  const stride = Math.ceil(decades.length / Math.max(2, count));
  const major = decades.filter((exponent) => exponent % stride === 0);
  return {
    major: major.map((exponent) => ({ value: 10 ** exponent, label: decadeLabel(exponent, major) })),
    minor: stride === 1 ? between(minimum, maximum, [2, 3, 4, 5, 6, 7, 8, 9]) : [],
    exponent: 0,
  };
}

/** Plain numbers while all of them are short. */
function decadeLabel(exponent: number, all: readonly number[]): string {
  const isShort = all.every((one) => one >= -3 && one <= 3);
  return isShort ? writeBrief(10 ** exponent) : powerOfTen(exponent);
}

function denseLogTicks(minimum: number, maximum: number, count: number): Ticks {
  for (const factors of [[1], [1, 3], [1, 2, 5], [1, 2, 3, 5, 7]]) {
    const values = between(minimum, maximum, factors);
    if (values.length >= 3 && values.length <= Math.max(4, count + 1))
      return plainTicks(values, minimum, maximum);
  }
  return plainTicks(linearValues(minimum, maximum, count), minimum, maximum);
}

function plainTicks(values: readonly number[], minimum: number, maximum: number): Ticks {
  const minor = between(minimum, maximum, [1, 2, 3, 4, 5, 6, 7, 8, 9]).filter(
    (value) => !values.includes(value),
  );
  return { major: values.map((value) => ({ value, label: writeBrief(value) })), minor, exponent: 0 };
}

/** Numbers factor times a power of ten between two limits, ascending. */
function between(minimum: number, maximum: number, factors: readonly number[]): number[] {
  const values: number[] = [];
  for (let exponent = Math.floor(Math.log10(minimum)); 10 ** exponent <= maximum; exponent++)
    for (const factor of factors) {
      const value = Number(`${factor}e${exponent}`);
      if (value >= minimum * (1 - 1e-9) && value <= maximum * (1 + 1e-9)) values.push(value);
    }
  return values;
}
