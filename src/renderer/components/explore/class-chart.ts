import {
  numberAxis,
  percentTick,
  plainTick,
  stillChart,
  type ChartTheme,
  type FigureConfiguration,
} from '../../charts/chart.ts';
import { classColour } from '../../charts/palette.ts';
import { formatCount } from '../../text/format.ts';

const SPLITS = ['train', 'dev', 'test'] as const;

/** Counts of each class in one split. */
export interface SplitCounts {
  readonly split: (typeof SPLITS)[number];
  /** Place in the palette. */
  readonly colour: number;
  readonly counts: Int32Array;
  readonly total: number;
}

/** The splits that have examples. */
export function splitCounts(counts: readonly Int32Array[]): SplitCounts[] {
  return SPLITS.flatMap((split, colour) => {
    const own = counts[colour];
    const total = own?.reduce((sum, count) => sum + count, 0) ?? 0;
    return own === undefined || total === 0 ? [] : [{ split, colour, counts: own, total }];
  });
}

/** Classes beside each other, a bar per split: its examples, or their share of the split. */
export function classChart(
  theme: ChartTheme,
  splits: readonly SplitCounts[],
  classes: readonly string[],
  asShares: boolean,
): FigureConfiguration {
  const font = { size: 11, family: theme.font };
  return {
    type: 'bar',
    data: {
      labels: [...classes],
      datasets: splits.map(({ split, colour, counts, total }) => ({
        type: 'bar',
        label: split,
        data: Array.from(counts, (count) => (asShares ? count / total : count)),
        backgroundColor: classColour(colour, theme.isDark ? 'dark' : 'light'),
        categoryPercentage: 0.84,
        barPercentage: 1,
      })),
    },
    options: {
      ...stillChart,
      parsing: undefined,
      normalized: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          type: 'category',
          border: { color: theme.line },
          grid: { display: false },
          ticks: { color: theme.text, font, maxRotation: 60, autoSkip: true },
        },
        y: {
          ...numberAxis(theme, {
            title: asShares ? 'Share of the split (%)' : 'Examples',
            minimum: 0,
            tick: asShares ? percentTick : plainTick,
          }),
        },
      },
      plugins: { tooltip: { animation: false } },
    },
  } as unknown as FigureConfiguration;
}

/** The classes of each split in words, for those who do not see the bars. */
export function describeClasses(splits: readonly SplitCounts[], classes: readonly string[]): string {
  return splits
    .map(({ split, counts, total }) => {
      const named = classes.slice(0, 20).map((name, label) => `${name} ${formatCount(counts[label] ?? 0)}`);
      return `${split}, ${formatCount(total)} examples: ${named.join(', ')}`;
    })
    .join('; ');
}
