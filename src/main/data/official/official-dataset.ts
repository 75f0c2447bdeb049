import type { CatalogueEntry } from '../../../shared/schema/catalogue.ts';
import type { DatasetInfo } from '../../../shared/schema/dataset.ts';

/** What is known of a dataset whether it is on this machine or not. */
export interface OfficialDataset extends Omit<CatalogueEntry, 'info'> {
  /** Shapes, targets and counts of the whole dataset, as published. */
  readonly published: Pick<
    DatasetInfo,
    'featureShape' | 'featureNames' | 'targets' | 'columns' | 'trainExamples' | 'testExamples'
  >;
  /** The dataset whose files it is made of; its own id for most. */
  readonly storedAs: string;
}
