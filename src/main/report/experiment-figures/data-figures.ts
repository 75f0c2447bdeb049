import { classDistributionFigure } from '../../../shared/figures/builders/classification.ts';
import { examplesFigure } from '../../../shared/figures/builders/pictures.ts';
import type { ClassificationResult } from '../../../shared/schema/results.ts';
import type { Collector, FigureSource } from './source.ts';
import type { Subject } from './subject.ts';

const FIRST_EXAMPLES = 40;
const SPLITS = ['train', 'dev', 'test'] as const;

/** What a classifier learns from: the first examples with their labels, and how many there are of each class. */
export async function addData(into: Collector, source: FigureSource, subject: Subject): Promise<void> {
  const { experiment, model, summary } = subject.best.detail;
  const { data } = experiment;
  let result: ClassificationResult | null = null;
  await into.figure('classes', async () => {
    const { heads } = await source['results.get']({ runId: summary.id, epoch: null, split: 'test' });
    const found = heads[0]?.result;
    result = found?.kind === 'classification' ? found : null;
    return null;
  });
  const classes: readonly string[] | null = (result as ClassificationResult | null)?.classes ?? null;
  if (classes === null) return;
  if (model.inputShape.length === 3) {
    await into.figure('first-examples', async () => {
      const rows = Array.from({ length: FIRST_EXAMPLES }, (_, row) => row);
      const page = await source['datasets.examples']({ data, part: 'train', rows });
      const title = `${summary.dataset}: the first ${FIRST_EXAMPLES} examples`;
      return examplesFigure(page, classes, { title, runIds: [] });
    });
  }
  await into.figure('class-distribution', async () => {
    const { classCounts } = await source['explore.statistics']({ data, seed: summary.seed });
    const counts = classCounts.flatMap((numbers, i) => {
      const isThere = numbers.some((count) => count > 0);
      return isThere ? [{ split: SPLITS[i] ?? String(i), counts: numbers }] : [];
    });
    if (counts.length === 0) return null;
    return classDistributionFigure(classes, counts, `${summary.dataset}: examples of each class`);
  });
}
