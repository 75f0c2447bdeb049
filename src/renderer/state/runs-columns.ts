import { isNamedRunField, type RUN_FIELDS } from '../../shared/experiment/run-fields.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import { settingLabel } from '../text/setting-text.ts';

/** A column of the history. */
export interface RunsColumn {
  readonly id: string;
  readonly label: string;
  /** What it is sorted by, and what groups show the mean of; null for pictures. */
  readonly field: string | null;
  /** Of a grid: a fixed length, or a share. */
  readonly width: string;
  /** The least it takes, in pixels. */
  readonly leastPx: number;
  /** Numbers stand right. */
  readonly number: boolean;
  readonly kind: 'run' | 'result' | 'setting';
  /** Its value comes with the list only when asked for. */
  readonly asked: boolean;
  /** Groups show its mean and spread. */
  readonly averaged: boolean;
}

type Column = Partial<RunsColumn> & Pick<RunsColumn, 'id' | 'label'>;

function column(change: Column): RunsColumn {
  const leastPx = change.leastPx ?? 84;
  return {
    field: change.id,
    width: `${leastPx}px`,
    number: false,
    kind: 'run',
    asked: false,
    averaged: false,
    ...change,
    leastPx,
  };
}

const result = (id: string, label: string, change: Partial<RunsColumn> = {}): RunsColumn =>
  column({ id, label, leastPx: 100, number: true, kind: 'result', averaged: true, ...change });

/** Columns that every history has. */
const BUILT_IN: readonly RunsColumn[] = [
  column({ id: 'state', label: 'State', leastPx: 92 }),
  column({ id: 'name', label: 'Name', leastPx: 170, width: 'minmax(170px, 3fr)' }),
  column({ id: 'tags', label: 'Tags', field: null, leastPx: 48, width: 'minmax(48px, 1fr)' }),
  column({ id: 'dataset', label: 'Dataset', leastPx: 80 }),
  column({ id: 'seed', label: 'Seed', leastPx: 52, number: true }),
  column({ id: 'epochs', label: 'Epochs', field: 'epochsDone', leastPx: 76, number: true }),
  column({ id: 'loss', label: 'Loss', field: null, leastPx: 76, kind: 'result' }),
  result('devLoss', 'Dev loss', { leastPx: 92 }),
  result('testAccuracy', 'Test result', { leastPx: 104 }),
  column({ id: 'duration', label: 'Time', field: 'durationMs', leastPx: 80, number: true, averaged: true }),
  column({ id: 'created', label: 'Started', field: 'createdAt', leastPx: 108, number: true }),
  column({ id: 'experimentId', label: 'Experiment', leastPx: 130 }),
  column({ id: 'variant', label: 'Variant', leastPx: 110 }),
  column({ id: 'group', label: 'Group', leastPx: 120 }),
  column({ id: 'engineKind', label: 'Engine', leastPx: 100 }),
  column({ id: 'examplesPerSecond', label: 'Speed', leastPx: 96, number: true, averaged: true }),
  column({ id: 'notes', label: 'Notes', leastPx: 140 }),
  result('trainLoss', 'Train loss'),
  result('testLoss', 'Test loss'),
  result('trainAccuracy', 'Train accuracy', { leastPx: 112 }),
  result('devAccuracy', 'Dev accuracy', { leastPx: 112 }),
  result('trainError', 'Train RMSE'),
  result('devError', 'Dev RMSE'),
  result('testError', 'Test RMSE'),
];

/** The columns that are shown until the user chooses. */
export const FIRST_COLUMNS: readonly string[] = BUILT_IN.slice(0, 11).map(({ id }) => id);

/** Settings of one optimizer or schedule only, which no default experiment has. */
const FURTHER_SETTINGS = [
  'training.optimizer.momentum',
  'training.optimizer.nesterov',
  'training.earlyStopping.patience',
  'preprocessing.0.kind',
  'augmentation.0.kind',
  'model.layers.0.units',
  'model.layers.0.filters',
] as const;

/** Not worth a column: they name the file, not what was set. */
const SILENT = /^(schemaVersion|name|description|group|repeats|data\.dataset)$/;

/** Paths of an experiment's single settings, as far as every experiment may have them. */
export function settingPaths(): string[] {
  const plain = experiment.parse({ schemaVersion: 1, name: 'x', data: { dataset: 'mnist' } });
  const paths: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value) || value === null) return;
    if (typeof value !== 'object') paths.push(path);
    else for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
  };
  walk(plain, '');
  return [...paths.filter((path) => !SILENT.test(path)), ...FURTHER_SETTINGS];
}

/** The fields whose means a group shows in a column: of a result on test, the accuracy or else the RMSE. */
export function meanFields({ id, field, averaged }: RunsColumn): string[] {
  if (!averaged || field === null) return [];
  return id === 'testAccuracy' ? [field, 'testError'] : [field];
}

/** A mean with its spread takes more room than a number. */
const MEAN_PX = 136;

/** The least width of a column, in pixels. */
export function columnPx({ leastPx, averaged, id }: RunsColumn, grouped: boolean): number {
  return grouped && averaged && id !== 'duration' ? Math.max(leastPx, MEAN_PX) : leastPx;
}

/** A setting's column. */
export function settingColumn(path: string): RunsColumn {
  const label = settingLabel(path);
  const leastPx = Math.min(180, Math.max(72, 16 + label.length * 7));
  return column({ id: path, label, leastPx, kind: 'setting', asked: true });
}

/** The column of an id: one that all histories have, or of a path in the experiment; null for neither. */
export function columnOf(id: string): RunsColumn | null {
  const built = BUILT_IN.find((one) => one.id === id);
  if (built !== undefined) return built;
  return isNamedRunField(id) || !id.includes('.') ? null : settingColumn(id);
}

/** Every column that can be chosen by ticking, by kind. */
export function columnChoices(): readonly RunsColumn[] {
  return [...BUILT_IN, ...settingPaths().map(settingColumn)];
}

/** What runs can be grouped by, besides settings. */
export const GROUP_FIELDS = [
  'experimentId',
  'variant',
  'dataset',
  'state',
  'tags',
  'group',
  'seed',
  'engineKind',
  'name',
] as const satisfies readonly (keyof typeof RUN_FIELDS)[];

/** A field's name as a heading. */
export function fieldLabel(field: string): string {
  const built = BUILT_IN.find((one) => (one.field ?? one.id) === field);
  return built?.label ?? settingLabel(field);
}
