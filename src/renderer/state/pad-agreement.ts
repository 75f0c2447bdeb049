import type { PadAnswer } from '../../shared/schema/inspection.ts';

type PadHead = PadAnswer['heads'][number];

/** The class a head names; the first of equal ones. */
export function winnerOf({ probabilities }: PadHead): number {
  let winner = 0;
  probabilities.forEach((share, label) => {
    if (share > probabilities[winner]!) winner = label;
  });
  return winner;
}

/** What several nets say about one thing, e.g. the digit. */
export interface Agreement {
  readonly about: string;
  readonly agree: boolean;
  /** In words, e.g. "All 4 nets say 7" or "3 say 7, 1 says 1". */
  readonly text: string;
}

/** Heads that choose among the same classes speak of the same thing, whatever they are called. */
function subjectOf({ classes }: PadHead): string {
  return JSON.stringify(classes);
}

/** The items of each key, keys in the order in which they first come. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

function countNames(names: readonly string[]): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function agreementOf(about: string, names: readonly string[]): Agreement {
  const counts = countNames(names);
  const [first] = counts;
  if (counts.length === 1 && first !== undefined) {
    const who = names.length === 2 ? 'Both nets' : `All ${names.length} nets`;
    return { about, agree: true, text: `${who} say ${first[0]}` };
  }
  const parts = counts.map(([name, count]) => `${count} ${count === 1 ? 'says' : 'say'} ${name}`);
  return { about, agree: false, text: parts.join(', ') };
}

/** Where two nets or more choose among the same classes: do they name the same one? */
export function agreements(answers: readonly PadAnswer[]): Agreement[] {
  const heads = answers.flatMap((answer) => answer.heads);
  return grouped(heads, subjectOf)
    .filter((group) => group.length > 1)
    .map((group) =>
      agreementOf(
        group[0]!.name,
        group.map((head) => head.classes[winnerOf(head)] ?? ''),
      ),
    );
}

/** Heads that name another class than most of those that choose among the same, by run and head, e.g. "a1/digit". */
export function dissenters(answers: readonly PadAnswer[]): ReadonlySet<string> {
  const all = answers.flatMap(({ runId, heads }) => heads.map((head) => ({ runId, head })));
  const out = new Set<string>();
  for (const group of grouped(all, ({ head }) => subjectOf(head))) {
    const [most, second] = countNames(group.map(({ head }) => String(winnerOf(head))));
    // Of as many on both sides neither is the one that differs.
    if (most === undefined || second === undefined || second[1] === most[1]) continue;
    for (const { runId, head } of group) {
      if (String(winnerOf(head)) !== most[0]) out.add(`${runId}/${head.name}`);
    }
  }
  return out;
}
