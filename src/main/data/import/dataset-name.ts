import { basename } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { DatasetId } from '../../../shared/schema/dataset.ts';
import { generatedIds } from '../generated.ts';
import { findOfficial } from '../official/official-datasets.ts';
import type { ImportSource } from './import-source.ts';

const LONGEST_ID = 60;

/** A file's name without folder and endings. */
function stem(path: string): string {
  return basename(path)
    .replace(/\.gz$/i, '')
    .replace(/\.[a-z0-9]{1,5}$/i, '');
}

/** Words of an idx file's name that say what it holds, not of which dataset. */
const IDX_WORDS = /\b(?:train|test|t10k|images?|labels?|idx\d|ubyte)\b/gi;

function mainWords(path: string): string {
  return stem(path).replaceAll('_', ' ').replaceAll('-', ' ').replace(IDX_WORDS, '').trim();
}

/** A name for what the user brings, from the names of the files. */
export function suggestName(source: ImportSource): string {
  switch (source.format) {
    case 'csv':
    case 'npz':
    case 'image-folder':
      return stem(source.path).slice(0, 80) || 'Imported data';
    case 'idx':
      return mainWords(source.train.images).replace(/\s+/g, ' ').slice(0, 80) || 'Imported images';
    default:
      return 'Imported arrays';
  }
}

/**
 * The id of a dataset of the user's own, from its name.
 * @throws StudioError `invalid-input` for a name without letters and digits, `conflict` for one of the studio's own
 */
export function idFromName(name: string): DatasetId {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LONGEST_ID)
    .replace(/-+$/, '');
  if (id === '') {
    throw new StudioError(
      'invalid-input',
      `datasets: the name "${name}" has no letter a to z and no digit, from which its id is made; choose another`,
      { path: 'name' },
    );
  }
  if (id !== 'mnist' && !generatedIds.includes(id) && findOfficial(id) === null) return id;
  throw new StudioError(
    'conflict',
    `datasets: "${id}" is a dataset of the studio itself, and these files are not it; choose another name`,
    { path: 'name', dataset: id },
  );
}
