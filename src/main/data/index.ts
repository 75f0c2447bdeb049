export { datasetInfo, listDatasets, resolveGenerator, type DatasetChoice } from './catalogue.ts';
export { loadDataset } from './load.ts';
export { splitCounts, splitDataset, type SplitCounts } from './split.ts';
