import { describe, expect, it } from 'vitest';
import type { TableSpec } from '../../schema/figure.ts';
import { writeTable } from './index.ts';
import { escapeLatex } from './latex.ts';

const table: TableSpec = {
  title: 'Results',
  runIds: ['01k0sample0a'],
  columns: [
    { title: 'Variant', align: 'left' },
    { title: 'Accuracy (%)', align: 'right' },
  ],
  rows: [
    ['a, "b" | c', '91.28 ± 0.14'],
    ['[x]', null],
  ],
};

describe('tables', () => {
  it('has booktabs rules, and a row that begins with a bracket is no option of a line break', () => {
    expect(writeTable(table, 'latex')).toBe(
      [
        '% runs: 01k0sample0a',
        '% needs \\usepackage{booktabs}',
        '\\begin{table}',
        '  \\centering',
        '  \\caption{Results}',
        '  \\begin{tabular}{lr}',
        '    \\toprule',
        '    Variant & Accuracy (\\%) \\\\',
        '    \\midrule',
        "    a, ''b'' \\textbar{} c & 91.28 $\\pm$ 0.14 \\\\",
        '    {}[x] & -- \\\\',
        '    \\bottomrule',
        '  \\end{tabular}',
        '\\end{table}',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['50_% & #1 {a} $b^2~', '50\\_\\% \\& \\#1 \\{a\\} \\$b\\textasciicircum{}2\\textasciitilde{}'],
    ['a\\b', 'a\\textbackslash{}b'],
    ['1.5·10⁻⁶', '1.5$\\cdot$10$^{-6}$'],
    ['Δ σ é', 'Δ $\\sigma$ é'],
  ])('escapes %s', (text, expected) => expect(escapeLatex(text)).toBe(expected));

  it('keeps a pipe within its cell of Markdown', () => {
    const lines = writeTable(table, 'markdown').split('\n');
    expect(lines[2]).toBe('| Variant | Accuracy (%) |');
    expect(lines[3]).toBe('| --- | ---: |');
    expect(lines[4]).toBe('| a, "b" \\| c | 91.28 ± 0.14 |');
    expect(lines[5]).toBe('| \\[x\\] | – |');
  });

  it('quotes what CSV needs quoted, and leaves empty what was not measured', () => {
    expect(writeTable(table, 'csv')).toBe('Variant,Accuracy (%)\r\n"a, ""b"" | c",91.28 ± 0.14\r\n[x],\r\n');
  });
});
