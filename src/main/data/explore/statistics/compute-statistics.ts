import type { DatasetStatistics } from '../../../../shared/schema/explore.ts';
import { hasImages, type ExploredDataset } from '../explored-dataset.ts';
import { classCounts } from './class-counts.ts';
import { classImages } from './class-images.ts';
import { correlationOf } from './correlation.ts';
import { featureHistogram } from './feature-histograms.ts';
import { lanesOf } from './lane.ts';

/** What a dataset comes to under a split; each part says how it is counted. Takes about 1 s for MNIST. */
export function computeStatistics(explored: ExploredDataset): DatasetStatistics {
  const lanes = lanesOf(explored);
  const features = lanes.map(featureHistogram);
  return {
    classCounts: classCounts(explored),
    features,
    correlation: hasImages(explored.dataset) ? null : correlationOf(lanes, features),
    classImages: classImages(explored),
  };
}
