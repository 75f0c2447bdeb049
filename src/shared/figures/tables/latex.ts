import type { TableSpec } from '../../schema/figure.ts';

/** TeX's own characters, and signs that the fonts of plain LaTeX lack. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
  '\u00a0': '~',
  '\u202f': '\\,',
  '\u2009': '\\,',
  '−': '$-$',
  '–': '--',
  '—': '---',
  '…': '\\dots{}',
  '×': '$\\times$',
  '·': '$\\cdot$',
  '±': '$\\pm$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '≈': '$\\approx$',
  '≠': '$\\neq$',
  '→': '$\\rightarrow$',
  '∞': '$\\infty$',
  '°': '$^\\circ$',
  '✓': '$\\checkmark$',
};

const GREEK_NAMES =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon phi chi psi omega';

/** Greek letters by their commands; omicron is an o. */
const greek: ReadonlyMap<string, string> = new Map(
  GREEK_NAMES.split(' ').map((name, i) => [
    String.fromCodePoint(0x3b1 + i),
    name === 'omicron' ? 'o' : `$\\${name}$`,
  ]),
);

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻';

/** Text that LaTeX sets as it reads. Letters of Latin alphabets are left to `inputenc`'s UTF-8. */
export function escapeLatex(text: string): string {
  const raised = text.replace(new RegExp(`[${SUPERSCRIPTS}]+`, 'g'), (run) => {
    const plain = Array.from(run, (character) => '0123456789-'[SUPERSCRIPTS.indexOf(character)] ?? '');
    return `\u0000${plain.join('')}\u0001`;
  });
  return Array.from(raised, escapeCharacter).join('');
}

function escapeCharacter(character: string): string {
  if (character === '\u0000') return '$^{';
  if (character === '\u0001') return '}$';
  return ESCAPES[character] ?? greek.get(character) ?? character;
}

/** What a cell says that was not measured. */
const NOT_MEASURED = '--';

/**
 * A table as LaTeX: `booktabs` rules, numbers flush right, the runs behind it as a comment.
 * Needs \usepackage{booktabs}; before LaTeX of 2018 also \usepackage[utf8]{inputenc}.
 */
export function writeLatex({ title, runIds, columns, rows }: TableSpec): string {
  const cells = (row: readonly (string | null)[]): string =>
    columns
      .map((_, i) => row[i] ?? null)
      .map((cell) => (cell === null ? NOT_MEASURED : escapeLatex(cell)))
      .join(' & ');
  return [
    ...(runIds.length === 0 ? [] : [`% runs: ${runIds.join(', ')}`]),
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(title)}}`,
    `  \\begin{tabular}{${columns.map(({ align }) => (align === 'right' ? 'r' : 'l')).join('')}}`,
    '    \\toprule',
    `    ${cells(columns.map((column) => column.title))} \\\\`,
    '    \\midrule',
    ...rows.map((row) => `    ${protect(cells(row))} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** A row that begins with a bracket would be read as the option of the line break before it. */
function protect(row: string): string {
  return /^[[*]/.test(row) ? `{}${row}` : row;
}
