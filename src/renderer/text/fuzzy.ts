const START_OF_WORD = 8;
const CONSECUTIVE = 5;
const MATCH = 1;
const GAP = -0.1;

/** Is the character at `index` the first of a word? */
function startsWord(text: string, index: number): boolean {
  return index === 0 || /[\s\-_/.:·]/.test(text[index - 1] ?? '');
}

/** Best score of matching `query` from `from` on, by trying every place of each character. */
function scoreFrom(
  query: string,
  text: string,
  queryIndex: number,
  from: number,
  memo: Map<number, number>,
): number {
  if (queryIndex === query.length) return 0;
  const key = queryIndex * 4_096 + from;
  const known = memo.get(key);
  if (known !== undefined) return known;
  let best = Number.NEGATIVE_INFINITY;
  for (
    let at = text.indexOf(query[queryIndex] ?? '', from);
    at >= 0;
    at = text.indexOf(query[queryIndex] ?? '', at + 1)
  ) {
    const gap = at - from;
    const adjacent = queryIndex > 0 && gap === 0 ? CONSECUTIVE : 0;
    const start = startsWord(text, at) ? START_OF_WORD : 0;
    const rest = scoreFrom(query, text, queryIndex + 1, at + 1, memo);
    best = Math.max(best, MATCH + adjacent + start + gap * GAP + rest);
  }
  memo.set(key, best);
  return best;
}

/**
 * How well `text` answers `query`: the query's characters in order, better at starts of words and side by side.
 * Null where they do not occur in order. An empty query fits everything equally (0).
 */
export function fuzzyScore(query: string, text: string): number | null {
  const needle = query.toLowerCase().replace(/\s+/g, '');
  const hay = text.toLowerCase().slice(0, 200);
  const score = scoreFrom(needle.slice(0, 60), hay, 0, 0, new Map());
  return Number.isFinite(score) ? score : null;
}

/** The items that fit, best first; ties keep their order. */
export function fuzzyFilter<T>(
  items: readonly T[],
  query: string,
  textOf: (item: T) => string,
  limit: number,
): T[] {
  if (query.trim() === '') return items.slice(0, limit);
  return items
    .map((item) => ({ item, score: fuzzyScore(query, textOf(item)) }))
    .filter((entry): entry is { item: T; score: number } => entry.score !== null)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map((entry) => entry.item);
}
