import type { RunSummary } from '../../shared/schema/run.ts';

type Titled = Pick<RunSummary, 'id' | 'name' | 'variant' | 'seed'>;

/** A run in one line: its name, its variant where the name does not say it, and its seed. */
export function runTitle({ name, variant, seed }: Omit<Titled, 'id'>): string {
  const told = variant === null || name.toLowerCase().includes(variant.toLowerCase());
  return `${name}${told ? '' : ` · ${variant}`} · seed ${seed}`;
}

/**
 * What tells runs from each other, by id: names without the words they all begin with, variants only where names are
 * alike, seeds only where they differ.
 */
export function shortTitles(runs: readonly Titled[]): ReadonlyMap<string, string> {
  const cut = commonStart(runs.map(({ name }) => name));
  const names = runs.map(({ name }) => name.slice(cut));
  const withVariant = hasTwins(names) && differ(runs.map(({ variant }) => variant));
  const withSeed = differ(runs.map(({ seed }) => seed)) || runs.length === 1;
  return new Map(
    runs.map(({ id, variant, seed }, index) => {
      const parts = [
        names[index]!,
        withVariant ? (variant ?? 'plain') : '',
        withSeed ? `seed ${seed}` : '',
      ].filter((part) => part !== '');
      return [id, parts.length === 0 ? runs[index]!.name : parts.join(' · ')];
    }),
  );
}

function differ(values: readonly (string | number | null)[]): boolean {
  return new Set(values).size > 1;
}

/** Are some alike though not all are? Then more must be said. */
function hasTwins(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}

/** How many characters of the names go: up to the last comma that all share, or all of names that are the same. */
function commonStart(names: readonly string[]): number {
  const [first = '', ...others] = names;
  if (others.length === 0) return 0;
  let shared = first.length;
  for (const other of others) {
    let at = 0;
    while (at < shared && other[at] === first[at]) at++;
    shared = at;
  }
  if (names.every((name) => name.length === shared)) return shared;
  const comma = first.lastIndexOf(', ', shared - 1);
  return comma < 0 || comma + 2 > shared ? 0 : comma + 2;
}
