export {
  cifar10Classes,
  defaultCifarLimits,
  parseCifar10,
  readCifar10Files,
  type CifarLimits,
} from './cifar-reader.ts';
export { defaultIdxLimits, type IdxLimits } from './idx-header.ts';
export { decodeIdx, readIdxFile, type IdxArray } from './idx-reader.ts';
export type { LabelledImages } from './labelled-images.ts';
export type { NpyType } from './numpy/npy-header.ts';
export {
  defaultNpyLimits,
  parseNpy,
  readNpyFile,
  type NpyArray,
  type NpyLimits,
} from './numpy/npy-reader.ts';
export type { NpyValues } from './numpy/npy-values.ts';
export { defaultNpzLimits, parseNpz, readNpzFile, type NpzLimits } from './numpy/npz-reader.ts';
export {
  defaultUspsLimits,
  parseUsps,
  readUspsFile,
  type UspsDigits,
  type UspsLimits,
} from './usps-reader.ts';
export type {
  ImageFolder,
  ImageFolderFiles,
  ImageFolderLimits,
  ImageFolderOptions,
} from './images/image-folder.ts';
export type {
  ColumnType,
  CsvDelimiter,
  CsvLimits,
  CsvOptions,
  CsvTable,
  NumericColumn,
  TableColumn,
  TextColumn,
} from './csv/csv-table.ts';
export { parseCsv, readCsvFile } from './csv/csv-reader.ts';
export { defaultCsvLimits, defaultMissingTokens } from './csv/csv-table.ts';
export { parseImageFolder, readImageFolder } from './images/image-folder-reader.ts';
export { imageFolderFiles } from './images/image-folder-files.ts';
export { defaultImageFolderLimits } from './images/image-folder.ts';
