import { describe, expect, it, vi } from 'vitest';
import type { GalleryEntry } from '../../shared/ipc/contract.ts';
import { paletteItems, type PaletteActions } from './palette.ts';
import { sampleSearchExperiment } from './testing/sample-study.ts';
import { sampleDataset, sampleExperiment, sampleModel, sampleRun } from './testing/samples.ts';

const entry: GalleryEntry = {
  id: 'mnist-mlp',
  experiment: sampleExperiment,
  model: sampleModel,
  dataset: sampleDataset,
  lastRun: null,
  bestRun: null,
};

function actions() {
  return {
    go: vi.fn(),
    startExperiment: vi.fn(),
    startSearch: vi.fn(),
    setTheme: vi.fn(),
    toggleTheme: vi.fn(),
    showShortcuts: vi.fn(),
    createBackup: vi.fn(),
  } satisfies PaletteActions;
}

describe('the palette', () => {
  it('has a line to run and one to open each experiment, and one per run', () => {
    const spies = actions();
    const items = paletteItems(spies, [entry], [sampleRun({ id: 'run0000009', name: 'Old one' })]);
    items.find((item) => item.label === 'Run Sample')?.run();
    expect(spies.startExperiment).toHaveBeenCalledWith(entry);
    expect(items.some(({ label }) => label.startsWith('Start the search'))).toBe(false);
    const searched = { ...entry, experiment: sampleSearchExperiment() };
    const start = paletteItems(spies, [searched], []).find(({ id }) => id === `search-${entry.id}`);
    expect(start?.label).toBe('Start the search of Sample search');
    start?.run();
    expect(spies.startSearch).toHaveBeenCalledWith(searched);
    items.find((item) => item.kind === 'Experiment')?.run();
    expect(spies.go).toHaveBeenCalledWith({ name: 'experiment', id: 'mnist-mlp' });
    items.find((item) => item.kind === 'Run')?.run();
    expect(spies.go).toHaveBeenCalledWith({ name: 'run', runId: 'run0000009' });
  });

  it('sets a theme, and has one id for each line', () => {
    const spies = actions();
    const items = paletteItems(spies, [entry], [sampleRun()]);
    items.find((item) => item.label === 'Theme: dark')?.run();
    expect(spies.setTheme).toHaveBeenCalledWith('dark');
    expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
  });
});
