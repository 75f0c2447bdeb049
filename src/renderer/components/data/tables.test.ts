import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import ImportColumns from './ImportColumns.svelte';
import RowTable from './RowTable.svelte';
import TransferBar from './TransferBar.svelte';

/** What a component wrote, with plain spaces and without Svelte's markers. */
function htmlOf({ body }: { body: string }): string {
  return body
    .replace(/<!--.*?-->/g, '')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ');
}

describe('a table of rows', () => {
  const props = {
    label: 'Rows',
    names: ['age', 'pay'],
    values: Float32Array.of(30, 1013.5, 31, 2000),
    width: 2,
    rows: Int32Array.of(7, 9),
    answers: [{ name: 'bought', texts: ['yes', 'no'] }],
  };

  it('has each row with its number, its answer and its values', () => {
    const html = htmlOf(render(RowTable, { props }));
    const cells = [...html.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map((match) => match[1]);
    expect(cells).toEqual(['7', 'yes', '30', '1013.5', '9', 'no', '31', '2000']);
  });

  it('counts the columns that it leaves out, and numbers those without names', () => {
    const wide = { ...props, names: [], values: new Float32Array(40), width: 20 };
    const html = htmlOf(render(RowTable, { props: wide }));
    expect(html).toContain('and 8 more');
    expect(html).toContain('x12');
    expect(html).not.toContain('x13');
  });
});

describe('columns of an import', () => {
  it('show the type guessed, or what it was corrected to', () => {
    const columns = [
      { name: 'age', type: 'number' as const, missingCount: 2, firstValues: ['30', ''] },
      { name: 'zip', type: 'number' as const, missingCount: 0, firstValues: ['8000', '3000'] },
    ];
    const props = { columns, corrected: { zip: 'category' as const }, oncorrect: () => undefined };
    const html = htmlOf(render(ImportColumns, { props }));
    const chosen = [...html.matchAll(/<option[^>]*selected[^>]*>(\w+)/g)].map((match) => match[1]);
    expect(chosen).toEqual(['number', 'category']);
    expect(html).toContain('aria-label="Type of zip"');
    expect(html).toContain('30 –');
  });
});

describe('a transfer', () => {
  const props = { text: 'Fetching', doneBytes: 1e6, totalBytes: 2e6, bytesPerSecond: 5e5, secondsLeft: 2 };

  it('shows how much has come, how fast, and how long it takes', () => {
    const html = htmlOf(render(TransferBar, { props }));
    for (const part of ['1.00 MB of 2.00 MB', '500 kB/s', '2.0 s left', 'max="2000000"'])
      expect(html).toContain(part);
    expect(html).not.toContain('Cancel');
  });

  it('claims nothing where nothing is known', () => {
    const unknown = {
      ...props,
      totalBytes: 0,
      bytesPerSecond: null,
      secondsLeft: null,
      oncancel: () => undefined,
    };
    const html = htmlOf(render(TransferBar, { props: unknown }));
    expect(html).not.toMatch(/ of |left|B\/s/);
    expect(html).toContain('Cancel');
  });
});
