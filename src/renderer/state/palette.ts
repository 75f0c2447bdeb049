import type { GalleryEntry } from '../../shared/ipc/contract.ts';
import type { RunSummary } from '../../shared/schema/run.ts';
import type { DatasetRow } from './datasets.svelte.ts';
import type { Route } from './route.ts';

/** One line of the palette. */
export interface PaletteItem {
  readonly id: string;
  readonly kind: 'Command' | 'Experiment' | 'Dataset' | 'Run' | 'Setting';
  readonly label: string;
  /** Said at the right, e.g. a key or a state. */
  readonly hint: string;
  readonly run: () => void;
}

/** What the palette's lines may do. */
export interface PaletteActions {
  go(route: Route): void;
  /** Runs it, or asks which of its runs are meant. */
  startExperiment(entry: GalleryEntry): void;
  /** Starts its search. */
  startSearch(entry: GalleryEntry): void;
  setTheme(theme: 'system' | 'light' | 'dark'): void;
  toggleTheme(): void;
  showShortcuts(): void;
  createBackup(): void;
}

function commands(actions: PaletteActions): PaletteItem[] {
  const command = (id: string, label: string, hint: string, run: () => void): PaletteItem => ({
    id,
    kind: 'Command',
    label,
    hint,
    run,
  });
  return [
    command('go-gallery', 'Go to Gallery', '1', () => actions.go({ name: 'gallery' })),
    command('go-data', 'Go to Data', '2', () => actions.go({ name: 'data', id: null })),
    command('go-runs', 'Go to Runs', '3', () => actions.go({ name: 'runs' })),
    command('go-studies', 'Go to Studies', '4', () => actions.go({ name: 'studies' })),
    command('go-compare', 'Go to Compare', '5', () => actions.go({ name: 'compare', runIds: [] })),
    command('go-report', 'Go to Report', '6', () => actions.go({ name: 'report', id: null })),
    command('go-pad', 'Open the drawing pad', '', () => actions.go({ name: 'pad', runIds: [] })),
    command('go-settings', 'Go to Settings', '7', () => actions.go({ name: 'settings' })),
    command('toggle-theme', 'Switch between light and dark', '', () => actions.toggleTheme()),
    command('shortcuts', 'Show keyboard shortcuts', '?', () => actions.showShortcuts()),
    command('backup', 'Back up the history now', '', () => actions.createBackup()),
  ];
}

function settings(actions: PaletteActions): PaletteItem[] {
  const open = () => actions.go({ name: 'settings' });
  const places = ['Engine: choice, threads and device', 'Engine: TensorFlow library', 'Storage', 'About'];
  const themes = (['system', 'light', 'dark'] as const).map((theme) => ({
    id: `theme-${theme}`,
    kind: 'Setting' as const,
    label: `Theme: ${theme}`,
    hint: '',
    run: () => actions.setTheme(theme),
  }));
  return [
    ...themes,
    ...places.map((label) => ({ id: label, kind: 'Setting' as const, label, hint: 'Settings', run: open })),
  ];
}

function searchItem(entry: GalleryEntry, actions: PaletteActions): PaletteItem {
  return {
    id: `search-${entry.id}`,
    kind: 'Command',
    label: `Start the search of ${entry.experiment.name}`,
    hint: entry.dataset.available ? '' : 'data missing',
    run: () => actions.startSearch(entry),
  };
}

/** Every command, experiment, dataset, run and setting as a line of the palette. */
export function paletteItems(
  actions: PaletteActions,
  entries: readonly GalleryEntry[],
  runs: readonly RunSummary[],
  datasets: readonly DatasetRow[] = [],
): PaletteItem[] {
  const experiments = entries.flatMap((entry): PaletteItem[] => [
    {
      id: `run-${entry.id}`,
      kind: 'Command',
      label: `Run ${entry.experiment.name}`,
      hint: entry.dataset.available ? '' : 'data missing',
      run: () => actions.startExperiment(entry),
    },
    ...(entry.experiment.search === null ? [] : [searchItem(entry, actions)]),
    {
      id: `open-${entry.id}`,
      kind: 'Experiment',
      label: entry.experiment.name,
      hint: entry.experiment.group,
      run: () => actions.go({ name: 'experiment', id: entry.id }),
    },
  ]);
  const data = datasets.map((row): PaletteItem => ({
    id: `data-${row.id}`,
    kind: 'Dataset',
    label: row.name,
    hint: row.here ? '' : 'not on this machine',
    run: () => actions.go({ name: 'data', id: row.id }),
  }));
  const history = runs.map((run): PaletteItem => ({
    id: run.id,
    kind: 'Run',
    label: `${run.name} · seed ${run.seed} · ${run.id}`,
    hint: run.state,
    run: () => actions.go({ name: 'run', runId: run.id }),
  }));
  return [...commands(actions), ...experiments, ...data, ...settings(actions), ...history];
}
