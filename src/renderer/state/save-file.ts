import type { ExportedFile } from '../../shared/schema/figure.ts';

/** How long the address of a saved file stays good; the browser has read it by then. */
const KEPT_MS = 60_000;

/** Hands a file to the browser or the window, which puts it where the user wants it. */
export function saveFile({ name, mediaType, bytes }: ExportedFile): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
