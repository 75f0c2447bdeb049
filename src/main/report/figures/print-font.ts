import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Files of the print font, whose widths are in src/shared/figures/arimo-widths.ts. */
export interface PrintFont {
  readonly regular: Buffer;
  readonly bold: Buffer;
}

let font: PrintFont | null = null;

/** Path of a file of a package, from the built program as well as from its source. */
export function packageFile(name: string): string {
  const from = typeof __filename === 'string' ? __filename : join(process.cwd(), 'package.json');
  return createRequire(from).resolve(name);
}

/** The print font (Arimo, Open Font Licence), read once. */
export function printFont(): PrintFont {
  font ??= {
    regular: readFileSync(packageFile('@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf')),
    bold: readFileSync(packageFile('@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf')),
  };
  return font;
}
