/**
 * Writes src/shared/figures/arimo-widths.ts: the advance widths of the print font, so that figures are laid out alike
 * wherever they are drawn. `node scripts/font-widths.mjs` after the font's package changed.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readWidths, writeWidthModule } from './lib/font-widths.mjs';

const file = resolve('src/shared/figures/arimo-widths.ts');
writeFileSync(file, writeWidthModule({ regular: readWidths('400Regular'), bold: readWidths('700Bold') }));
