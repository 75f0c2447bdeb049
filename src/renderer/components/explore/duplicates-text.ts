import type { Duplicates } from '../../../shared/schema/explore.ts';
import { formatCount } from '../../text/format.ts';

/** How unlike two examples are, e.g. "equal" or "differ by 1.3 %". */
export function distanceText(distance: number): string {
  if (distance === 0) return 'equal';
  const percent = 100 * distance;
  return `differ by ${percent < 0.1 ? '< 0.1' : percent.toFixed(1)} %`;
}

/** What was found, in a sentence. */
export function summary({ pairs, comparedTrain, comparedTest, threshold }: Duplicates): string {
  const compared = `${formatCount(comparedTest)} test examples compared with ${formatCount(comparedTrain)} of train`;
  const reach = threshold === 0 ? 'equal' : `nearer than ${Number((100 * threshold).toPrecision(3))} %`;
  if (pairs.length === 0) return `${compared}: none is ${reach}.`;
  const tests = new Set(pairs.map((pair) => pair.test)).size;
  const equal = pairs.filter((pair) => pair.distance === 0).length;
  const unlike = pairs.filter((pair) => !pair.agree).length;
  const share = ((100 * tests) / Math.max(1, comparedTest)).toFixed(2);
  return (
    `${compared}: ${formatCount(pairs.length)} ${pairs.length === 1 ? 'pair' : 'pairs'} ${reach}, ` +
    `${formatCount(equal)} of them equal and ${formatCount(unlike)} with unlike labels; ` +
    `they touch ${share} % of the test part.`
  );
}
