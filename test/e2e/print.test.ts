import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderFigure, renderTable } from '../../src/main/report/figures/render.ts';
import { printOptions, type FigureSpec, type TableSpec } from '../../src/shared/schema/figure.ts';
import { samples } from '../reference/figures/samples.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'epoch-print-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const surroundings = { appVersion: '0.0.0', now: () => Date.UTC(2026, 0, 1) };

async function print(name: string, figure: FigureSpec, format: 'pdf' | 'png', dpi = 150): Promise<string> {
  const options = printOptions.parse({ dpi });
  const file = await renderFigure({ figure, name, format, options }, surroundings);
  const path = join(folder, file.name);
  writeFileSync(path, file.bytes);
  return path;
}

const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', cwd: folder });

/** Share of two pictures' pixels that are clearly not alike. */
function unlike(a: ReturnType<typeof decode>, b: ReturnType<typeof decode>): number {
  const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
  let count = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const green = (image: ReturnType<typeof decode>) =>
        image.data[(y * image.width + x) * image.channels + Math.min(1, image.channels - 1)] ?? 0;
      if (Math.abs(green(a) - green(b)) > 96) count++;
    }
  return count / (width * height);
}

describe('figures as PDF', () => {
  it.each(samples)('%s opens in pdftoppm and looks like its PNG', async (name, figure) => {
    const pdf = await print(name, figure, 'pdf');
    run('pdftoppm', '-r', '150', '-png', '-singlefile', pdf, `${name}-pdf`);
    const page = decode(readFileSync(join(folder, `${name}-pdf.png`)));
    const picture = decode(readFileSync(await print(name, figure, 'png')));
    expect(Math.abs(page.width - picture.width)).toBeLessThanOrEqual(1);
    expect(Math.abs(page.height - picture.height)).toBeLessThanOrEqual(1);
    // Two rasterisers place edges differently by a part of a pixel, no more.
    expect(unlike(page, picture)).toBeLessThan(0.03);
  });

  it('holds its title, runs and program, text as text, and every font', async () => {
    const [name, figure] = samples.find(([, { kind }]) => kind === 'panels')!;
    const pdf = await print(name, figure, 'pdf');
    const info = run('pdfinfo', pdf);
    expect(info).toMatch(/Title: +Learning curves/);
    expect(info).toMatch(/Keywords: +run 01k0sample0a/);
    expect(info).toMatch(/Creator: +Epoch Studio 0\.0\.0/);
    expect(info).toMatch(/Page size: +238\.11 x /);
    expect(run('pdftotext', pdf, '-')).toContain('Epoch');
    const fonts = run('pdffonts', pdf).trim().split('\n').slice(2);
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toMatch(/Arimo.* yes yes yes /);
  });
});

describe('figures as PNG', () => {
  it('are as large as their dots per inch ask for, and say so', async () => {
    const [name, figure] = samples[0]!;
    for (const dpi of [96, 300]) {
      const png = decode(readFileSync(await print(name, figure, 'png', dpi)));
      expect(png.width).toBe(Math.round((84 / 25.4) * dpi));
      expect(png.resolution).toEqual({
        x: Math.round(dpi / 0.0254),
        y: Math.round(dpi / 0.0254),
        unit: 1,
      });
    }
  });

  it('hold their runs', async () => {
    const [name, figure] = samples[0]!;
    const bytes = readFileSync(await print(name, figure, 'png'));
    expect(bytes.includes('run 01k0sample0a')).toBe(true);
    expect(bytes.includes('Epoch Studio 0.0.0')).toBe(true);
  });
});

const tables: readonly TableSpec[] = [
  {
    title: 'Results & 50 % of_all #1 {of} ~tilde^hat\\backslash $10 <5 >3 |x| "quoted"',
    runIds: ['01k0sample0a'],
    columns: [
      { title: 'Variant', align: 'left' },
      { title: 'Accuracy (%)', align: 'right' },
    ],
    rows: [
      ['[bracketed] start', '91.28 ± 0.14'],
      ['* starred, café Łódź', '−3·10⁻⁴'],
      ['5 × 5 → σ ≤ 2, α β … – — “x”', null],
    ],
  },
];

describe('tables as LaTeX', () => {
  it.each(tables.map((table) => [table.title, table] as const))('%s compiles', (_title, table) => {
    const { bytes, name } = renderTable({ table, name: 'table', format: 'latex' });
    writeFileSync(join(folder, name), bytes);
    const document = [
      '\\documentclass{article}',
      '\\usepackage{booktabs}',
      '\\begin{document}',
      `\\input{${name}}`,
      '\\end{document}',
    ].join('\n');
    writeFileSync(join(folder, 'page.tex'), document);
    run('pdflatex', '-interaction=nonstopmode', '-halt-on-error', 'page.tex');
    const text = run('pdftotext', '-layout', 'page.pdf', '-');
    expect(text).toContain('91.28 ± 0.14');
    expect(text).toContain('[bracketed] start');
    // The underscore is a rule in TeX's own fonts, no character.
    expect(text).toMatch(/50 % of.all #1 \{of\}/);
    expect(text).toContain('5 × 5 → σ ≤ 2, α β');
    expect(text).toContain('−3·10−4');
  });
});
