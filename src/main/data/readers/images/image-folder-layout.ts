import { readerError, type ReaderSource } from '../reader-error.ts';

/** A file with its class and the part it belongs to. */
export interface ImageFile {
  readonly path: string;
  readonly className: string;
  readonly part: 'train' | 'test';
}

/** Which files of a folder are images, of which class and part. */
export interface ImageFolderLayout {
  readonly classes: readonly string[];
  readonly files: readonly ImageFile[];
  readonly divided: boolean;
}

const IMAGE = /\.(?:png|jpe?g)$/i;
const OTHER_IMAGE = /\.(?:bmp|gif|webp|tiff?|heic|avif|pgm|ppm)$/i;
const EXPECTED = 'images are expected in <class>/ or in train/<class>/ and test/<class>/';

function invalid(source: ReaderSource, found: string, wayOut: string): Error {
  return readerError('invalid-input', source, found, wayOut);
}

/** Images in code point order of their paths; what is certainly no image is passed over. */
function selectImages(paths: readonly string[], source: ReaderSource): string[] {
  const other = paths.find((path) => OTHER_IMAGE.test(path));
  if (other !== undefined) {
    throw readerError(
      'unsupported',
      source,
      `holds ${other}, and PNG and JPEG are read`,
      'save it as PNG or leave it out',
    );
  }
  const images = paths.filter((path) => IMAGE.test(path)).sort();
  if (images.length === 0)
    throw invalid(source, `holds no PNG or JPEG; ${EXPECTED}`, 'choose another folder');
  return images;
}

function toImageFile(path: string, divided: boolean, source: ReaderSource): ImageFile {
  const folders = path.split('/').slice(0, -1);
  const [part, className] = divided ? folders : ['train', ...folders];
  const whole = folders.length === (divided ? 2 : 1) && (part === 'train' || part === 'test');
  if (whole && folders.every((name) => !['', '.', '..'].includes(name)) && className !== undefined) {
    return { path, className, part };
  }
  throw invalid(source, `holds ${path}; ${EXPECTED}`, 'move or remove it');
}

/** The classes of the training images, sorted; those of the test images must be among them. */
function listClasses(files: readonly ImageFile[], source: ReaderSource): string[] {
  const inPart = (part: string) =>
    new Set(files.filter((file) => file.part === part).map((file) => file.className));
  const classes = inPart('train');
  const unknown = [...inPart('test')].find((name) => !classes.has(name));
  if (unknown === undefined) return [...classes].sort();
  throw invalid(
    source,
    `has images of the class ${JSON.stringify(unknown)} in test/ and none in train/`,
    'name the folders alike',
  );
}

/**
 * Finds out how a folder is divided: `train/<class>/` and `test/<class>/`, or `<class>/` alone.
 * @param paths of its files, relative, parted by "/"
 * @throws StudioError `invalid-input` where it is neither, `unsupported` for images of other kinds
 */
export function layOutImageFolder(paths: readonly string[], source: ReaderSource): ImageFolderLayout {
  const images = selectImages(paths, source);
  const divided = images.every((path) => /^(?:train|test)\/[^/]*\//.test(path));
  const files = images.map((path) => toImageFile(path, divided, source));
  return { classes: listClasses(files, source), files, divided };
}
