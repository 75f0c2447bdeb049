import type { Explorer } from '../../state/explore.svelte.ts';
import { targetValueText } from '../data/dataset-text.ts';
import type { Caption } from './grid-painter.ts';

/**
 * What stands under a picture: what it is, and what the run took it for where it was wrong.
 * @param targets its values, which come with the picture and so are there first
 */
export function captionOf(explorer: Explorer, index: number, targets: readonly number[]): Caption {
  const { info, target, targetInfo, first } = explorer;
  const run = first.columns;
  const predicted = run?.known[index] === 1 ? run.predicted[index] : undefined;
  const own = targets[target];
  if (targetInfo.kind === 'class' && predicted !== undefined && predicted !== own) {
    const [is, named] = [own, predicted].map((value) => targetValueText(targetInfo, value));
    return { text: `${is} → ${named}`, wrong: true };
  }
  const texts = info.targets.map((one, place) => targetValueText(one, targets[place]));
  return { text: texts.join(', '), wrong: false };
}
