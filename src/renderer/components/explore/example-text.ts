import { SPLIT_CODES } from '../../../shared/schema/explore.ts';
import type { Explorer } from '../../state/explore.svelte.ts';
import type { RunColumns } from '../../state/explore-filter.ts';
import { formatAccuracy, formatCount, formatLoss } from '../../text/format.ts';
import { targetValueText } from '../data/dataset-text.ts';

const SPLIT_TEXTS = { train: 'train', dev: 'dev', test: 'test', unused: 'in no split' } as const;

/** Which split an example is in; empty while that is not known. */
export function splitText(explorer: Explorer, index: number): string {
  const name = SPLIT_CODES[explorer.columns?.split[index] ?? -1];
  return name === undefined ? '' : SPLIT_TEXTS[name];
}

/** What an example's targets are, e.g. ["7"] or ["3", "red"]; empty while they are not known. */
export function targetTexts(explorer: Explorer, index: number): string[] {
  const { columns, info } = explorer;
  if (columns === null) return [];
  return info.targets.map((target, place) => targetValueText(target, columns.targets[place]?.[index]));
}

/** What a run predicted, e.g. "5" or "181,500 USD"; null where it says nothing. */
export function predictionText(explorer: Explorer, run: RunColumns | null, index: number): string | null {
  if (run?.known[index] !== 1) return null;
  return targetValueText(explorer.targetInfo, run.predicted[index]);
}

/** How sure and how far off a run was, e.g. "98.20 % sure, loss 4.0210"; null where it says nothing. */
export function certaintyText(run: RunColumns | null, index: number): string | null {
  if (run?.known[index] !== 1) return null;
  const [loss, confidence] = [run.loss[index]!, run.confidence[index]!];
  if (run.kind === 'regression') return `off by ${formatLoss(loss)}`;
  const sure = `${formatAccuracy(confidence)} sure`;
  return Number.isFinite(loss) ? `${sure}, loss ${formatLoss(loss)}` : sure;
}

/** An example in words, for the grid's readers. */
export function exampleName(explorer: Explorer, index: number): string {
  const { space, notes, first } = explorer;
  const targets = targetTexts(explorer, index).join(', ');
  const predicted = predictionText(explorer, first.columns, index);
  const note = explorer.takesNotes ? notes.byIndex.get(index) : undefined;
  return [
    `Row ${formatCount(space.rowOf(index))} of the ${space.partOf(index)} part`,
    splitText(explorer, index),
    targets,
    predicted === null ? '' : `predicted ${predicted}`,
    note === undefined ? '' : `noted: ${note.kind} ${note.text}`,
  ]
    .filter((part) => part.trim() !== '')
    .join(', ');
}
