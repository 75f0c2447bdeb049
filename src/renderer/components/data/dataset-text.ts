import type { CatalogueEntry } from '../../../shared/schema/catalogue.ts';
import type { DatasetInfo, TargetInfo } from '../../../shared/schema/dataset.ts';
import { formatCount, formatShape } from '../../text/format.ts';

const ORIGINS = {
  bundled: 'comes with the studio',
  generated: 'made by the studio',
  catalogue: 'from the catalogue',
  imported: 'imported',
} as const satisfies Readonly<Record<DatasetInfo['origin'], string>>;

/** Where a dataset comes from, in words. */
export function originText(origin: DatasetInfo['origin']): string {
  return ORIGINS[origin];
}

/** What one example is, e.g. "28 × 28 × 1 image", "79 columns", "2 numbers". */
export function shapeText({ featureShape, columns }: Pick<DatasetInfo, 'featureShape' | 'columns'>): string {
  if (columns !== null) return `table of ${formatCount(columns.length)} columns`;
  if (featureShape.length === 3) return `${formatShape(featureShape)} image`;
  const [count = 0] = featureShape;
  if (featureShape.length === 1) return count === 1 ? '1 number' : `${formatCount(count)} numbers`;
  return formatShape(featureShape);
}

/** How many examples, e.g. "60,000 + 10,000 test"; one part stands alone. */
export function examplesText(
  info: Pick<DatasetInfo, 'trainExamples' | 'testExamples'>,
  test = ' test',
): string {
  const train = formatCount(info.trainExamples);
  return info.testExamples === 0 ? train : `${train} + ${formatCount(info.testExamples)}${test}`;
}

/** What is to be predicted, e.g. "digit, 10 classes" or "SalePrice, a number in USD". */
export function targetText({ name, kind, classes, unit }: TargetInfo): string {
  if (kind === 'class') return `${name}, ${formatCount(classes.length)} classes`;
  return unit === null ? `${name}, a number` : `${name}, a number in ${unit}`;
}

/** A target's value as people read it: the class's name, or the number with its unit. */
export function targetValueText({ kind, classes, unit }: TargetInfo, value: number | undefined): string {
  if (value === undefined) return '';
  if (kind === 'class') return classes[value] ?? String(value);
  return unit === null ? cellText(value) : `${cellText(value)} ${unit}`;
}

/** A stored number as it is, to the six digits that float32 keeps; grouped from five digits on, so that years are not. */
export function cellText(value: number): string {
  const rounded = Number(value.toPrecision(6));
  return Number.isInteger(rounded) && Math.abs(rounded) >= 10_000 ? formatCount(rounded) : String(rounded);
}

/** The address's host, to say where a fetch goes before it does. */
export function hostsOf(entry: Pick<CatalogueEntry, 'files'>): string {
  return [...new Set(entry.files.map((file) => new URL(file.address).host))].join(', ');
}
