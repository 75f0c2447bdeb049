import type { LabelledImages } from '../labelled-images.ts';

/** Most that the reader takes into memory. */
export interface ImageFolderLimits {
  readonly maximumImages: number;
  /** Of one image file. */
  readonly maximumFileBytes: number;
  /** Width times height of one image, by its header, before it is decoded. */
  readonly maximumPixels: number;
  /** Of all decoded images together. */
  readonly maximumBytes: number;
}

/** A large set in memory once, and pictures of 16 megapixels that are to be made small. */
export const defaultImageFolderLimits: ImageFolderLimits = {
  maximumImages: 500_000,
  maximumFileBytes: 2 ** 26,
  maximumPixels: 2 ** 24,
  maximumBytes: 2 ** 31 - 1,
};

/** How a folder of images is read. */
export interface ImageFolderOptions {
  /** Every image is brought to this size (bilinear); unless told, all must have one size. */
  readonly resizeTo?: { readonly width: number; readonly height: number };
  /** 1 grey, 3 colour; unless told, colour where any image has colour. */
  readonly channels?: 1 | 3;
  readonly limits?: ImageFolderLimits;
  /** Told now and then how many images are decoded. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** The files below a folder; a test gives its own. */
export interface ImageFolderFiles {
  /** What the messages call the folder. */
  readonly name: string;
  /**
   * Paths of the files below the folder, relative to it, parted by "/"; hidden files and folders left out.
   * @throws StudioError `invalid-input` where there are more than `maximumFiles`
   */
  readonly list: (maximumFiles: number) => Promise<readonly string[]>;
  /** The first `maximumBytes` bytes of a file, all where it is shorter. */
  readonly read: (path: string, maximumBytes: number) => Promise<Uint8Array>;
}

/** Images by class, in the order of the class names and, within a class, of the file names. */
export interface ImageFolder {
  /** Sorted; a label is the place in this list. */
  readonly classes: readonly string[];
  /** The images below `train/`, or all where the folder is not divided. */
  readonly train: LabelledImages;
  /** The images below `test/`, null where the folder is not divided. */
  readonly test: LabelledImages | null;
}
