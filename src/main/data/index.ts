export { datasetInfo, listDatasets, resolveGenerator, type DatasetChoice } from './catalogue.ts';
export { loadDataset } from './load.ts';
export { splitCounts, splitDataset, type SplitCounts } from './split.ts';
export { removeDataset } from './library/store-dataset.ts';
export { importDataset, previewImport, type ImportFiles } from './import/import-dataset.ts';
export { checkFetchable, fetchDataset } from './fetch/fetch-dataset.ts';
export { findOfficial, officialDatasets } from './official/official-datasets.ts';
export type { OfficialDataset } from './official/official-dataset.ts';
export { removeLeftovers, uploadFolder } from './library/leftovers.ts';
