import { beforeEach, describe, expect, it } from 'vitest';
import type { StudioClient } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { ExportedFile, FigureSpec, TableSpec } from '../../shared/schema/figure.ts';
import { Exporter } from './export.svelte.ts';
import { reportChoices } from './report-choices.ts';

const figure = { kind: 'bars', title: 'n', runIds: [] } as unknown as FigureSpec;
const table: TableSpec = { title: 't', runIds: [], columns: [{ title: 'a', align: 'left' }], rows: [] };

let stored: Map<string, string>;
let calls: [string, unknown][];
let saved: ExportedFile[];
let copied: string[];
let fails: boolean;
beforeEach(() => {
  [stored, calls, saved, copied, fails] = [new Map(), [], [], [], false];
});

function exporter(): Exporter {
  const invoke = (name: string, params: { name?: string; id?: string; format?: string }) => {
    calls.push([name, params]);
    if (fails) return Promise.reject(new StudioError('unsupported', 'cannot be drawn'));
    const bytes = new TextEncoder().encode(`as ${params.format ?? 'zip'}`);
    return Promise.resolve({ name: params.name ?? params.id ?? '', mediaType: 'text/plain', bytes });
  };
  return new Exporter({
    client: { invoke } as unknown as StudioClient,
    storage: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
    },
    save: (file) => void saved.push(file),
    copy: (text) => Promise.resolve(void copied.push(text)),
  });
}

describe('exporting', () => {
  it('prints as was chosen last, also in the next window', async () => {
    exporter().set({ widthMm: 174, dpi: 600 });
    await exporter().saveFigure(figure, 'bars', 'png');
    expect(calls).toEqual([
      [
        'figures.render',
        {
          figure,
          name: 'bars',
          format: 'png',
          options: { widthMm: 174, dpi: 600, caption: false, heading: true },
        },
      ],
    ]);
    expect(saved).toHaveLength(1);
  });

  it('keeps what it had where a setting is not possible, or what was remembered is damaged', () => {
    const one = exporter();
    one.set({ dpi: 7 });
    expect(one.options.dpi).toBe(300);
    stored.set('epoch-studio.print', '{"widthMm": 12');
    expect(exporter().options.widthMm).toBe(84);
  });

  it('saves a table, or copies its text', async () => {
    const one = exporter();
    await one.saveTable(table, 'results', 'latex');
    await one.copyTable(table, 'results', 'markdown');
    expect(saved.map(({ name }) => name)).toEqual(['results']);
    expect(copied).toEqual(['as markdown']);
  });

  it('saves nothing of what could not be drawn, and can be asked again', async () => {
    const one = exporter();
    fails = true;
    await expect(one.saveAll('c2', ['svg'])).rejects.toThrow('cannot be drawn');
    expect([saved.length, one.busy, one.making]).toEqual([0, false, null]);
    fails = false;
    await one.saveAll('c2', ['svg']);
    expect(saved.map(({ name }) => name)).toEqual(['c2']);
  });
});

describe('experiments to report on', () => {
  type Entry = Parameters<typeof reportChoices>[0][number];
  const entry = (id: string, group: string, ids: string[] | null, ran = true) =>
    ({
      id,
      experiment: { name: id, group, reference: ids === null ? null : { ids, report: 1, published: [] } },
      lastRun: ran ? {} : null,
    }) as unknown as Entry;

  it('are those that have run, by group and by the number they have in their report', () => {
    const entries = [
      entry('grid', 'E. Study', ['E10']),
      entry('mlp', 'E. Study', ['E3']),
      entry('never', 'E. Study', ['E1'], false),
      entry('own', 'Mine', null),
      entry('curve', 'A. Regression', ['A2']),
    ];
    expect(reportChoices(entries)).toEqual([
      { group: 'A. Regression', entries: [{ id: 'curve', label: 'A2: curve' }] },
      {
        group: 'E. Study',
        entries: [
          { id: 'mlp', label: 'E3: mlp' },
          { id: 'grid', label: 'E10: grid' },
        ],
      },
      { group: 'Mine', entries: [{ id: 'own', label: 'own' }] },
    ]);
  });
});
