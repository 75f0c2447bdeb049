import { createRequire } from 'node:module';

/**
 * @typedef {{ hasGlyphForCodePoint(code: number): boolean,
 *   glyphForCodePoint(code: number): { readonly advanceWidth: number } }} Font
 * @typedef {{ openSync(path: string): Font }} FontReader
 */

const require = createRequire(import.meta.url);
/** @type {unknown} */
const loaded = createRequire(require.resolve('pdfkit'))('fontkit');
/** The reader of fonts that comes with the PDF writer. */
const fontReader = /** @type {FontReader} */ (loaded);

/** Blocks of Unicode that figures write: Latin, Greek, punctuation, superscripts, arrows and mathematics. */
const BLOCKS = [
  [0x20, 0x7e],
  [0xa0, 0x17f],
  [0x391, 0x3c9],
  [0x2000, 0x2044],
  [0x2070, 0x208e],
  [0x20ac, 0x20ac],
  [0x2190, 0x2195],
  [0x2200, 0x2265],
];

/**
 * Advance widths of a weight of the print font in its own units, 2048 to the em.
 * @param {'400Regular' | '700Bold'} weight
 * @returns {Map<number, string>} characters by width
 */
export function readWidths(weight) {
  const font = fontReader.openSync(require.resolve(`@expo-google-fonts/arimo/${weight}/Arimo_${weight}.ttf`));
  /** @type {Map<number, string>} */
  const groups = new Map();
  for (const [first = 0, last = 0] of BLOCKS) {
    for (let code = first; code <= last; code++) {
      if (!font.hasGlyphForCodePoint(code)) continue;
      const width = Math.round(font.glyphForCodePoint(code).advanceWidth);
      groups.set(width, (groups.get(width) ?? '') + String.fromCodePoint(code));
    }
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
}

/**
 * @param {{ regular: Map<number, string>, bold: Map<number, string> }} weights
 * @returns {string} the module's text
 */
export function writeWidthModule({ regular, bold }) {
  return [
    '// Written by scripts/font-widths.mjs.',
    '',
    '/** Characters by their advance width in the print font, 2048 units to the em. */',
    'export type WidthGroups = Readonly<Record<number, string>>;',
    '',
    writeGroups('ARIMO_REGULAR', regular),
    writeGroups('ARIMO_BOLD', bold),
  ].join('\n');
}

/**
 * @param {string} name
 * @param {Map<number, string>} groups
 */
function writeGroups(name, groups) {
  const lines = [...groups].map(([width, characters]) => `  ${width}: ${quote(characters)},`);
  return `export const ${name}: WidthGroups = {\n${lines.join('\n')}\n};\n`;
}

/** As an ASCII string literal in the house's quotes. @param {string} text */
function quote(text) {
  const escaped = text.replace(/[\\'\u007f-\uffff]/g, (character) =>
    character === '\\' || character === "'"
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}
