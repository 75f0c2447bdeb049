export { datasetInfo, listDatasets, resolveGenerator } from './catalogue.ts';
export { loadDataset } from './load.ts';
export { splitDataset } from './split.ts';
