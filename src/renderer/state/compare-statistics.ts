/** Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom. */
const QUANTILES = [
  12.706204736432095, 4.302652729911275, 3.182446305284263, 2.7764451051977987, 2.5705818366147395,
  2.4469118487916806, 2.3646242510102993, 2.3060041350333704, 2.2621571627409915, 2.2281388519649385,
  2.200985160082949, 2.1788128296634177, 2.1603686564610127, 2.1447866879169273, 2.131449545559323,
  2.1199052992210112, 2.1098155778331806, 2.10092204024096, 2.093024054408263, 2.0859634472658364,
  2.079613844727662, 2.0738730679040147, 2.0686576104190406, 2.0638985616280205, 2.059538552753294,
  2.055529438642871, 2.0518305164802833, 2.048407141795244, 2.045229642132703, 2.0422724563012373,
] as const;

const NORMAL = 1.959963984540054;

/**
 * The 97.5 % point of Student's t: tabulated up to 30 degrees of freedom, beyond by the Cornish-Fisher expansion
 * (Abramowitz & Stegun 26.7.5), whose error there is below 1e-6.
 */
export function studentQuantile(degrees: number): number {
  const tabulated = QUANTILES[degrees - 1];
  if (tabulated !== undefined) return tabulated;
  const z = NORMAL;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, index) => sum + term / degrees ** (index + 1), z);
}

/** Numbers in one line: mean, sample standard deviation (n - 1), and half the 95 % interval of the mean. */
export interface Spread {
  readonly count: number;
  /** NaN of nothing. */
  readonly mean: number;
  /** NaN below two numbers, as is `halfInterval`. */
  readonly standardDeviation: number;
  readonly halfInterval: number;
}

/** What numbers come to; those that are NaN count for nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const measured = values.filter((value) => !Number.isNaN(value));
  const count = measured.length;
  const mean = measured.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { count, mean: count === 0 ? NaN : mean, standardDeviation: NaN, halfInterval: NaN };
  const squares = measured.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardDeviation = Math.sqrt(squares / (count - 1));
  return {
    count,
    mean,
    standardDeviation,
    halfInterval: (studentQuantile(count - 1) * standardDeviation) / Math.sqrt(count),
  };
}
