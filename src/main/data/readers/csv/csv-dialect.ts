import type { CsvDelimiter } from './csv-table.ts';

const DELIMITERS: readonly CsvDelimiter[] = [',', ';', '\t', '|'];
const SAMPLE_RECORDS = 100;

/** How often a delimiter stands in each record of a text, outside quotes; blank lines left out. */
function countPerRecord(text: string, delimiter: CsvDelimiter): number[] {
  const counts: number[] = [];
  let count = 0;
  let quoted = false;
  let blank = true;
  for (let at = 0; at <= text.length && counts.length < SAMPLE_RECORDS; at++) {
    const character = text[at];
    if (character === undefined || (!quoted && (character === '\n' || character === '\r'))) {
      if (!blank) counts.push(count);
      count = 0;
      blank = true;
      continue;
    }
    blank = false;
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === delimiter) count++;
  }
  return counts;
}

/** The share of records that have the commonest count, and that count; none at all is no share. */
function agreement(counts: readonly number[]): { share: number; count: number } {
  const votes = new Map<number, number>();
  for (const count of counts) votes.set(count, (votes.get(count) ?? 0) + 1);
  let best = { share: 0, count: 0 };
  for (const [count, times] of votes) {
    const share = times / counts.length;
    if (count > 0 && share > best.share) best = { share, count };
  }
  return best;
}

/**
 * Guesses what parts the cells: the delimiter that stands equally often in the most records, of several the one that
 * stands there more often; a comma where none does.
 * @param sample the beginning of the text, ending with a record
 */
export function guessDelimiter(sample: string): CsvDelimiter {
  let guess: CsvDelimiter = ',';
  let best = { share: 0, count: 0 };
  for (const delimiter of DELIMITERS) {
    const found = agreement(countPerRecord(sample, delimiter));
    if (found.share < best.share || (found.share === best.share && found.count <= best.count)) continue;
    guess = delimiter;
    best = found;
  }
  return guess;
}

/** Column names from a header: blank ones are numbered from 1, and a name that was there before gets a number. */
export function nameColumns(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    const base = cell === '' ? `column ${index + 1}` : cell;
    let name = base;
    for (let times = 2; taken.has(name); times++) name = `${base} (${times})`;
    taken.add(name);
    return name;
  });
}
