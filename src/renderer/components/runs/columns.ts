import type { RunsSort } from '../../state/runs-list.svelte.ts';

/** A column of the history. `width` is a share of a grid or a fixed length. */
export interface RunsColumn {
  readonly id: string;
  readonly label: string;
  readonly sort: RunsSort | null;
  readonly width: string;
  readonly number?: boolean;
}

export const COLUMNS: readonly RunsColumn[] = [
  { id: 'state', label: 'State', sort: 'state', width: '92px' },
  { id: 'name', label: 'Name', sort: 'name', width: 'minmax(170px, 3fr)' },
  { id: 'tags', label: 'Tags', sort: null, width: 'minmax(48px, 1fr)' },
  { id: 'dataset', label: 'Dataset', sort: null, width: '80px' },
  { id: 'seed', label: 'Seed', sort: 'seed', width: '52px', number: true },
  { id: 'epochs', label: 'Epochs', sort: null, width: '76px', number: true },
  { id: 'loss', label: 'Loss', sort: null, width: '76px' },
  { id: 'devLoss', label: 'Dev loss', sort: 'devLoss', width: '92px', number: true },
  { id: 'testAccuracy', label: 'Test result', sort: 'testAccuracy', width: '104px', number: true },
  { id: 'duration', label: 'Time', sort: 'durationMs', width: '80px', number: true },
  { id: 'created', label: 'Started', sort: 'createdAt', width: '108px', number: true },
];

/** The grid of the header and of every row. */
export const GRID_TEMPLATE = ['32px', ...COLUMNS.map((column) => column.width)].join(' ');
