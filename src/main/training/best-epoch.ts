import type { EarlyStoppingSpec, MetricName } from '../../shared/schema/training.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';

/** The best epoch so far, by the watched metric. */
export interface BestEpoch {
  readonly epoch: number;
  /** Training steps at its end. */
  readonly step: number;
  readonly value: number;
}

/** What is watched, and how much better counts as better. */
export interface Watch {
  readonly split: SplitName;
  readonly metric: MetricName;
  readonly minimumDelta: number;
}

/** Early stopping's own choice, or else the loss of dev, or of train where there is no dev. */
export function chooseWatch(earlyStopping: EarlyStoppingSpec | null, devMeasured: boolean): Watch {
  return earlyStopping ?? { split: devMeasured ? 'dev' : 'train', metric: 'loss', minimumDelta: 0 };
}

/** Accuracies are better when higher, everything else when lower. */
export function higherIsBetter(metric: MetricName): boolean {
  return metric === 'accuracy' || metric === 'top-5-accuracy';
}

/** Is the value an improvement on the best one by more than the smallest difference that counts? */
export function isBetter(value: number | null, best: BestEpoch | null, watch: Watch): boolean {
  if (value === null || !Number.isFinite(value)) return false;
  if (best === null) return true;
  const gain = higherIsBetter(watch.metric) ? value - best.value : best.value - value;
  return gain > watch.minimumDelta;
}

/** Has early stopping run out of patience after `epoch`? */
export function outOfPatience(
  earlyStopping: EarlyStoppingSpec | null,
  best: BestEpoch | null,
  epoch: number,
): boolean {
  return earlyStopping !== null && epoch - (best?.epoch ?? 0) >= earlyStopping.patience;
}
