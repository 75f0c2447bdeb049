/** 97.5 % points of Student's t for 1 to 30 degrees of freedom. */
const POINTS = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604,
  2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555,
  2.0518, 2.0484, 2.0452, 2.0423,
] as const;
/** That of the normal distribution. */
const Z = 1.959964;

/** The 97.5 % point of Student's t, to 1e-4: by table up to 30 degrees of freedom, then by expansion (Fisher 1925). */
export function studentPoint(degrees: number): number {
  const listed = POINTS[degrees - 1];
  if (listed !== undefined) return listed;
  return Z + (Z ** 3 + Z) / (4 * degrees) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * degrees ** 2);
}

/** Mean of some numbers, and half of its 95 % interval (null below two numbers). */
export function meanInterval(values: readonly number[]): { mean: number; half: number | null } | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, half: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, half: (studentPoint(count - 1) * Math.sqrt(squares / (count - 1))) / Math.sqrt(count) };
}
