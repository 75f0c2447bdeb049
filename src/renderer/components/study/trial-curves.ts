import type { FoldResult } from '../../../shared/schema/study.ts';
import type { OverlayLine } from '../../charts/overlay/overlay-lines.ts';

/** The learning curves of a trial's nets, one line each, in one colour. */
export function trialCurves(trial: number, folds: readonly FoldResult[], colour: string): OverlayLine[] {
  const several = folds.length > 1;
  return folds
    .filter(({ curve }) => curve.length > 0)
    .map((fold) => ({
      key: String(trial),
      id: `${trial}/${fold.repeat}/${fold.fold}/${fold.seed}`,
      label: several ? `Trial ${trial}, ${netName(fold, folds)}` : `Trial ${trial}`,
      colour,
      split: 'dev',
      x: Float64Array.from(fold.curve, ([epoch]) => epoch),
      y: Float64Array.from(fold.curve, ([, value]) => value ?? Number.NaN),
      raw: null,
      band: null,
      counts: null,
    }));
}

/** Tells a net from the trial's others, e.g. "fold 3" or "fold 3, repeat 2, seed 5"; counted from 1. */
export function netName(fold: FoldResult, among: readonly FoldResult[]): string {
  const differ = (of: (one: FoldResult) => number) => new Set(among.map(of)).size > 1;
  const parts = [
    differ((one) => one.fold) ? `fold ${fold.fold + 1}` : '',
    differ((one) => one.repeat) ? `repeat ${fold.repeat + 1}` : '',
    differ((one) => one.seed) ? `seed ${fold.seed}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'the net' : parts.join(', ');
}
