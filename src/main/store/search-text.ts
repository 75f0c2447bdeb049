import type { RunSummary } from '../../shared/schema/run.ts';

/** One spelling of upper and lower case and of composed letters, so that searching finds all of them. */
function fold(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase('en');
}

/** What the search looks through: name, tags, notes, dataset and id. */
export function searchTextOf(run: Pick<RunSummary, 'id' | 'name' | 'tags' | 'notes' | 'dataset'>): string {
  return fold([run.name, ...run.tags, run.notes, run.dataset, run.id].join('\n'));
}

/** The words of a query; a run matches when its search text contains every one. */
export function searchTokens(text: string): string[] {
  return fold(text)
    .split(/\s+/)
    .filter((token) => token !== '');
}
