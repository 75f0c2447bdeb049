import { render } from 'svelte/server';
import { describe, expect, it, vi } from 'vitest';
import {
  classificationOf,
  sampleClassification,
  sampleHistogram,
  sampleRegression,
  sampleVariants,
} from '../../state/testing/sample-results.ts';
import ClassTable from './ClassTable.svelte';
import ConfusionGrid from './ConfusionGrid.svelte';
import HistogramFigure from './HistogramFigure.svelte';
import ResultNumbers from './ResultNumbers.svelte';
import VariantPanel from './VariantPanel.svelte';

// Exports ask the studio, which these panels stand without; they have tests of their own.
vi.mock('../export/ExportMenu.svelte', () => ({ default: () => undefined }));

/** What a component wrote, with plain spaces and without Svelte's markers. */
function htmlOf({ body }: { body: string }): string {
  return body
    .replace(/<!--.*?-->/g, '')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ');
}

const count = (html: string, part: string) => html.split(part).length - 1;
const names = (size: number) => Array.from({ length: size }, (_, label) => `class ${label}`);

describe('the confusion matrix', () => {
  const pets = classificationOf(['cat', 'dog'], [0, 0, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]);
  const props = { mode: 'counts', order: 'original', selected: null, onselect: () => undefined } as const;

  it('is a grid whose cells say what they count', () => {
    const html = htmlOf(render(ConfusionGrid, { props: { ...props, result: pets } }));
    expect(count(html, 'role="gridcell"')).toBe(4);
    expect(count(html, 'role="row"')).toBe(3);
    expect(html).toContain('aria-label="actual cat, predicted dog: 1, 33.33 % of cat"');
    expect(html).toContain('Confusion matrix: 2 classes, 4 examples, 75.00 % right.');
  });

  it('takes one cell into the order of the Tab key', () => {
    expect(count(htmlOf(render(ConfusionGrid, { props: { ...props, result: pets } })), 'tabindex="0"')).toBe(
      1,
    );
  });

  it('writes per cent of the row where asked', () => {
    const html = htmlOf(render(ConfusionGrid, { props: { ...props, mode: 'shares', result: pets } }));
    expect(html).toMatch(/>\s*67\s*</);
    expect(html).toMatch(/>\s*33\s*</);
  });

  it.each([2, 14, 15, 100])('draws all cells of %d classes, with numbers only where they fit', (size) => {
    const html = htmlOf(
      render(ConfusionGrid, { props: { ...props, result: sampleClassification(names(size), 1_000) } }),
    );
    expect(count(html, 'role="gridcell"')).toBe(size * size);
    expect(/data-column="0"[^>]*>\s*\d/.test(html)).toBe(size <= 14);
    expect(html.includes('role="rowheader"')).toBe(size <= 40);
  });
});

describe('the table of classes', () => {
  it('says what is missing and why', () => {
    const result = classificationOf(['cat', 'dog', 'bird'], [0, 1], [0, 1], [1, 1]);
    const html = htmlOf(render(ClassTable, { props: { result, epoch: 3 } }));
    expect(html).toContain('title="The split has no example of the class">not measured');
    expect(html).toContain('title="The class was named for no example">not measured');
    expect(html).not.toContain('NaN');
    expect(count(html, 'aria-sort="none"')).toBe(4);
  });
});

describe('numbers of a result', () => {
  it('stand with what they mean', () => {
    const html = htmlOf(
      render(ResultNumbers, { props: { head: { name: 'price', result: sampleRegression(10, false) } } }),
    );
    expect(html).toMatch(/title="Root of the mean squared error"[^]*RMSE[^]*29,812 USD/);
  });
});

describe('a histogram', () => {
  it('is a figure in words', () => {
    const html = htmlOf(
      render(HistogramFigure, {
        props: {
          name: 'weights',
          histogram: sampleHistogram({ notFinite: 3 }),
          colour: '#000',
        },
      }),
    );
    expect(html).toContain('role="img"');
    expect(html).toMatch(/aria-label="weights: [\d,]+ numbers from -0.4 to 0.4/);
    expect(html).toContain('3 not finite');
  });
});

describe('variants', () => {
  it('show mean, spread, count and a link to every run', () => {
    const html = htmlOf(render(VariantPanel, { props: { results: sampleVariants(['K0', 'K1']) } }));
    expect(html).toMatch(/\d\d\.\d\d ± \d\.\d\d %/);
    expect(count(html, 'href="#/run/')).toBe(6);
    expect(html).toContain('Run of K1 with seed 3');
    expect(html).not.toContain('NaN');
  });

  it('say what will be here before any run has finished', () => {
    expect(htmlOf(render(VariantPanel, { props: { results: [] } }))).toContain('No run has finished yet');
  });
});
