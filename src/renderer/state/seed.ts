const KEY = 'epoch-studio.seed';
const LARGEST = 0xffff_ffff;

/** The seed a text names, or null where it is none: a whole number from 0 to 4,294,967,295. */
export function parseSeed(text: string): number | null {
  if (!/^\s*\d{1,10}\s*$/.test(text)) return null;
  const seed = Number(text);
  return seed <= LARGEST ? seed : null;
}

/** The seed used last in this window; 1 to begin with. */
export function lastSeed(): number {
  return parseSeed(localStorage.getItem(KEY) ?? '') ?? 1;
}

export function rememberSeed(seed: number): void {
  localStorage.setItem(KEY, String(seed));
}
