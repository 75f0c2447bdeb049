import { viridis } from '../../charts/colour-maps.ts';
import { classColour } from '../../charts/palette.ts';
import type { RunColumns } from '../../state/explore-filter.ts';
import type { ExampleColumns } from '../../state/explore-space.ts';
import { pixelOf } from './page-pixels.ts';

type Theme = Parameters<typeof classColour>[1];

/** What the points of a scatter are coloured by. */
export type ColourMode = 'target' | 'split' | 'outcome' | 'loss';

/** An entry of the key: a colour as "#rrggbb" and what it means. */
export interface KeyEntry {
  readonly colour: string;
  readonly label: string;
}

/** Colours of points and their key; a scale from a number to another instead for numbers. */
export interface PointColours {
  /** 0xAABBGGRR per point. */
  readonly colours: Uint32Array;
  /** Per point a place in the key; empty where the colours are a scale. */
  readonly codes: Uint16Array;
  readonly key: readonly KeyEntry[];
  readonly scale: readonly [from: number, to: number] | null;
}

interface Request {
  readonly mode: ColourMode;
  readonly indices: Uint32Array;
  readonly columns: ExampleColumns;
  readonly target: number;
  /** Empty where the target is a number. */
  readonly classes: readonly string[];
  readonly run: RunColumns | null;
  readonly theme: Theme;
  /** "#rrggbb" of what nothing is known of, of what is right, and of what is wrong. */
  readonly unknown: string;
  readonly right: string;
  readonly wrong: string;
}

const SPLIT_LABELS = ['train', 'dev', 'test', 'in no split'] as const;

function byCode(
  indices: Uint32Array,
  code: (index: number) => number,
  key: readonly KeyEntry[],
): PointColours {
  const pixels = key.map((entry) => pixelOf(entry.colour));
  const codes = Uint16Array.from(indices, code);
  return { colours: Uint32Array.from(codes, (place) => pixels[place] ?? 0), codes, key, scale: null };
}

function byNumber(indices: Uint32Array, values: ArrayLike<number>, unknown: string): PointColours {
  const finite = Array.from(indices, (index) => values[index]!).filter((value) => Number.isFinite(value));
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  const steps = Array.from({ length: 256 }, (_, step) => pixelOf(viridis(step / 255)));
  const none = pixelOf(unknown);
  const colours = Uint32Array.from(indices, (index) => {
    const share = (values[index]! - low) / (high - low || 1);
    return Number.isFinite(share) ? steps[Math.round(255 * share)]! : none;
  });
  return { colours, codes: new Uint16Array(), key: [], scale: finite.length === 0 ? null : [low, high] };
}

function byOutcome({ indices, columns, target, run, unknown, right, wrong }: Request): PointColours {
  const labels = columns.targets[target];
  const code = (index: number) => {
    if (run?.known[index] !== 1) return 0;
    return run.predicted[index] === labels?.[index] ? 1 : 2;
  };
  return byCode(indices, code, [
    { colour: unknown, label: 'not asked' },
    { colour: right, label: 'right' },
    { colour: wrong, label: 'wrong' },
  ]);
}

/** Colours of points by what they are, by their split, or by what a run made of them. */
export function colourPoints(request: Request): PointColours {
  const { mode, indices, columns, target, classes, run, theme, unknown } = request;
  if (mode === 'outcome') return byOutcome(request);
  if (mode === 'loss' && run !== null) return byNumber(indices, run.loss, unknown);
  if (mode === 'split') {
    const key = SPLIT_LABELS.map((label, place) => ({ label, colour: classColour(place, theme) }));
    return byCode(indices, (index) => columns.split[index]!, key);
  }
  const values = columns.targets[target];
  if (values === undefined) return byNumber(indices, [], unknown);
  if (classes.length === 0) return byNumber(indices, values, unknown);
  const key = classes.map((label, place) => ({ label, colour: classColour(place, theme) }));
  return byCode(indices, (index) => values[index]!, key);
}
