import type { Experiment } from '../../shared/schema/experiment.ts';

/** A layer, or a step of preparation or augmentation. */
interface Item {
  readonly kind: string;
}

/** Lists whose items have kinds, and where they are; by position they compare only while the kinds are the same. */
const LISTS: Readonly<Record<string, (experiment: Experiment) => readonly Item[]>> = {
  preprocessing: ({ preprocessing }) => preprocessing,
  augmentation: ({ augmentation }) => augmentation,
  'model.layers': ({ model }) => model.layers,
};

/** A list in one line per experiment, by path, for each list that is not of the same kinds in all experiments. */
export function wordUnlikeLists(experiments: readonly Experiment[]): ReadonlyMap<string, readonly string[]> {
  const worded = new Map<string, readonly string[]>();
  for (const [path, read] of Object.entries(LISTS)) {
    const lists = experiments.map(read);
    const kinds = new Set(lists.map((items) => items.map(({ kind }) => kind).join()));
    if (kinds.size > 1) worded.set(path, wordLists(lists));
  }
  return worded;
}

/** Items by kind and by what is not the same in all items of the kind: "conv2d filters 32, dropout, dense". */
function wordLists(lists: readonly (readonly Item[])[]): string[] {
  const known = new Map<string, Set<string>>();
  for (const { kind, ...rest } of lists.flat()) {
    for (const [key, value] of Object.entries(rest)) {
      const values = known.get(`${kind} ${key}`) ?? new Set();
      known.set(`${kind} ${key}`, values.add(JSON.stringify(value)));
    }
  }
  const word = ({ kind, ...rest }: Item): string => {
    const told = Object.entries(rest).filter(([key]) => (known.get(`${kind} ${key}`)?.size ?? 0) > 1);
    return [kind, ...told.map(([key, value]) => `${key} ${plain(value)}`)].join(' ');
  };
  return lists.map((items) => (items.length === 0 ? 'none' : items.map(word).join(', ')));
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
