import type { GalleryEntry } from '../../../shared/ipc/contract.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';

type Named = Pick<GalleryEntry, 'id'> & {
  readonly experiment: Pick<GalleryEntry['experiment'], 'reference'>;
};

/**
 * The experiments that a word means: the one of that id, else those that cover the report's id ("C2"), else all whose
 * report ids begin with it ("C").
 * @throws StudioError `not-found`
 */
export function experimentsNamed(word: string, gallery: readonly Named[]): string[] {
  const covers = (matches: (reportId: string) => boolean): string[] =>
    gallery.filter(({ experiment }) => experiment.reference?.ids.some(matches) ?? false).map(({ id }) => id);
  const wanted = word.toLowerCase();
  const found = [
    gallery.filter(({ id }) => id === word).map(({ id }) => id),
    covers((reportId) => reportId.toLowerCase() === wanted),
    covers((reportId) => reportId.toLowerCase().startsWith(wanted)),
  ].find(({ length }) => length > 0);
  if (found !== undefined && word !== '') return found;
  throw new StudioError(
    'not-found',
    `export: found no experiment "${word}", expected an id such as "c2-fmnist-cnn" or a report's such as "C2"; ` +
      '"experiments list" shows both',
  );
}
