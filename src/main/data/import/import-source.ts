/** Two files that belong together. */
export interface ImagesAndLabels {
  readonly images: string;
  readonly labels: string;
}

/** What files were taken for. Paths are absolute; `test` is null or empty for a dataset that comes as one part. */
export type ImportSource =
  | { readonly format: 'csv'; readonly path: string }
  | { readonly format: 'idx'; readonly train: ImagesAndLabels; readonly test: ImagesAndLabels | null }
  | {
      readonly format: 'cifar-10';
      readonly train: readonly string[];
      readonly test: readonly string[];
    }
  | { readonly format: 'cifar-10'; readonly archive: string }
  | { readonly format: 'usps'; readonly train: string; readonly test: string | null }
  | { readonly format: 'npy'; readonly paths: readonly string[] }
  | { readonly format: 'npz'; readonly path: string }
  | { readonly format: 'image-folder'; readonly path: string };
