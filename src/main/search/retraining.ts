import { costSign } from '../../shared/experiment/cost-sign.ts';
import type { ObjectiveSpec } from '../../shared/schema/search.ts';
import type { FoldResult } from '../../shared/schema/study.ts';
import type { TrainingSpec } from '../../shared/schema/training.ts';
import { meanOf } from '../metrics/spread.ts';

type Net = Pick<FoldResult, 'state' | 'epochs' | 'curve'>;

/** Weights that were restored measure the same but for rounding. */
const SAME = 1e-6;

/**
 * For how many epochs a point is trained again where no dev part is left to stop by: as many as those that its nets
 * were judged after, in the mean over all that finished. Where they were judged by their best epoch, because early
 * stopping restored it or the objective says so, that is the one meant (Goodfellow et al. 2016, algorithm 7.2).
 *
 * @param planned the point's training as the search ran it
 * @param nets what came of the point's nets
 * @returns at least 1; as many as planned where nothing stopped them or none has finished
 */
export function retrainingEpochs(
  planned: Pick<TrainingSpec, 'epochs' | 'earlyStopping'>,
  objective: ObjectiveSpec,
  nets: readonly Net[],
): number {
  const byBest = planned.earlyStopping?.restoreBest === true || objective.at === 'best';
  const finished = nets.filter(({ state }) => state === 'finished');
  const epochs = finished.map((net) => (byBest ? bestEpoch(net, objective) : net.epochs));
  return Math.max(1, Math.round(meanOf(epochs) ?? planned.epochs));
}

/** The first epoch after which a net measured its best. */
function bestEpoch({ curve, epochs }: Net, { direction }: ObjectiveSpec): number {
  const sign = costSign(direction);
  const points = curve.flatMap(([epoch, value]) => (value === null ? [] : [{ epoch, value: sign * value }]));
  const least = Math.min(...points.map(({ value }) => value));
  const best = points.find(({ value }) => value <= least + SAME * Math.abs(least));
  return best?.epoch ?? epochs;
}
