import { median } from '../statistics.ts';
import type { FrameTimes } from './page-clock.ts';
import type { ScreenTimes } from './screens.ts';

/** All that the benchmark of large histories found. */
export interface HistoryResults {
  readonly date: string;
  readonly rounds: number;
  readonly machine: string;
  /** Processes that waited for a core, on average over a minute, before each round. */
  readonly loads: readonly number[];
  readonly runs: number;
  readonly points: number;
  readonly compared: number;
  readonly tensorBoardVersion: string;
  readonly tensorBoardReadingMs: number;
  readonly studio: readonly ScreenTimes[];
  readonly tensorBoard: readonly ScreenTimes[];
  /** From a click in the open studio to the list. */
  readonly listMs: readonly number[];
}

/** Heading of the summary in docs/benchmarks.md. */
export const HISTORY_HEADING = 'Large histories against TensorBoard';

const LEAST_RATIO = 10;
const LIST_LIMIT_MS = 300;
const COMPARE_LIMIT_MS = 500;
/** A frame at 60 Hz, with the rounding of the browser's clock. */
const FRAME_LIMIT_MS = 16.9;

const count = (value: number): string => Math.round(value).toLocaleString('en-GB');
const verdict = (reached: boolean): string => (reached ? 'reached' : '**missed**');
const range = (values: readonly number[]): string =>
  `${count(median(values))} ms (${count(Math.min(...values))} to ${count(Math.max(...values))})`;

type Action = 'open' | 'openCompared' | 'compare';
const ACTIONS = ['open', 'openCompared', 'compare'] as const;
const actions: Readonly<Record<Action, (results: HistoryResults) => string>> = {
  open: ({ runs }) => `Open the page on the list of ${count(runs)} runs`,
  openCompared: ({ compared }) => `Open the page on a comparison of ${compared} of them`,
  compare: ({ compared }) => `Draw ${compared} chosen runs in an open page`,
};

function ratio(
  { studio, tensorBoard }: HistoryResults,
  action: Action,
  time: 'answeredMs' | 'threadMs',
): number {
  const of = (rounds: readonly ScreenTimes[]): number => median(rounds.map((round) => round[action][time]));
  return of(tensorBoard) / of(studio);
}

function comparisonRows(results: HistoryResults): string[] {
  return ACTIONS.flatMap((action) =>
    (['answeredMs', 'threadMs'] as const).map((time) => {
      const of = (rounds: readonly ScreenTimes[]): string =>
        range(rounds.map((round) => round[action][time]));
      const times = ratio(results, action, time);
      const target = time === 'answeredMs' ? verdict(times >= LEAST_RATIO) : '';
      const name = time === 'answeredMs' ? actions[action](results) : '... of it the main thread at work';
      return `| ${name} | ${of(results.studio)} | ${of(results.tensorBoard)} | ${times.toFixed(1)} | ${target} |`;
    }),
  );
}

function frameRow(name: string, rounds: readonly ScreenTimes[]): string {
  const at = (key: Exclude<keyof FrameTimes, 'frames'>): string =>
    `${median(rounds.map(({ pan }) => pan[key])).toFixed(1)} ms`;
  const cells = [at('medianMs'), at('p95Ms'), at('workMedianMs'), at('workP95Ms'), at('threadMs')];
  return `| ${name} | ${cells.join(' | ')} |`;
}

function limits({ listMs, studio, tensorBoard, compared }: HistoryResults): string[] {
  const times = (key: 'compareSelected' | 'compareUnread', what: 'answeredMs' | 'wholeMs'): number[] =>
    studio.flatMap((round) => round[key]?.[what] ?? []);
  const [selected, unread] = [times('compareSelected', 'answeredMs'), times('compareUnread', 'answeredMs')];
  const click = median(tensorBoard.map(({ compare }) => compare.answeredMs)) / median(selected);
  const of = (key: 'p95Ms' | 'workP95Ms'): number => median(studio.map(({ pan }) => pan[key]));
  const isSmooth = of('p95Ms') <= FRAME_LIMIT_MS && of('workP95Ms') <= FRAME_LIMIT_MS;
  return [
    `- From a click to the list: ${range(listMs)}, limit ${LIST_LIMIT_MS} ms: ${verdict(median(listMs) < LIST_LIMIT_MS)}.`,
    `- From the list to the comparison of ${compared} runs of which the page knew nothing: ${range(unread)}, limit ${COMPARE_LIMIT_MS} ms: ${verdict(median(unread) < COMPARE_LIMIT_MS)}.`,
    `- The same of runs selected in the list, whose points the page then reads ahead: ${range(selected)}; ${click.toFixed(1)} times as fast as TensorBoard's click, which opens no other screen. Parallel coordinates, settings and groups come after the curves in pieces, the last ${count(median(times('compareSelected', 'wholeMs')))} ms after the click.`,
    `- Panning: 95 % of frames within ${of('p95Ms').toFixed(1)} ms, 95 % of the work for a frame within ${of('workP95Ms').toFixed(1)} ms, limit 16.7 ms: ${verdict(isSmooth)}.`,
  ];
}

/** The summary, for docs/benchmarks.md. */
export function formatSummary(results: HistoryResults): string {
  const parts = ACTIONS.map((action) => {
    const times = ratio(results, action, 'answeredMs');
    return `${actions[action](results)}: ${times.toFixed(1)} times as fast (target ${LEAST_RATIO}: ${verdict(times >= LEAST_RATIO)})`;
  });
  return [
    `${count(results.runs)} runs with ${count(results.points)} points, the same events in both, the same browser; ` +
      '[benchmarks-history.md](benchmarks-history.md) has the figures and how they are made.',
    '',
    ...parts.map((part) => `- ${part}`),
  ].join('\n');
}

/** docs/benchmarks-history.md. */
export function formatHistoryReport(results: HistoryResults): string {
  const { loads } = results;
  return `# ${HISTORY_HEADING}

Written by \`npm run bench -- history\` on ${results.date}: ${results.rounds} rounds, both programs in turn.

A history of ${count(results.runs)} runs with ${count(results.points)} points, made through the run store (500 settings, 20
seeds each, 25 epochs, 4 curves), and the same points as event files, a folder per run, as PyTorch's SummaryWriter writes
them. Both are served on this machine and opened in the same headless Chromium, each round in fresh pages, with
everything read and cached by the servers. TensorBoard ${results.tensorBoardVersion} with its fast data server had read all runs
${(results.tensorBoardReadingMs / 1_000).toFixed(1)} s after its start, which is not counted.

A time ends when what was asked for is there and the page has finished every task of 50 ms or more that followed. Opening
is that of a new page on the list, program code included. Drawing ${results.compared} runs begins in a page that is open on these
runs and has their points: in TensorBoard the page was opened on them and one chart alone, lists them and draws none, and the
click is that which chooses all; in the studio their comparison lists them and draws one, and the click is that on
"Show all". The studio is done when the lines of all runs are in the pictures of both charts, loss and accuracy;
TensorBoard when the card of its one chart, the dev loss, names them. Shown are medians, the fastest and the slowest round.
Where the load is above the number of cores, other programs took a part of the machine: times are then longer than on a quiet
one, work of the main thread less so.

- Machine: ${results.machine}
- Load before the rounds (processes that want a core): ${loads.map((load) => load.toFixed(1)).join(', ')}

|  | Epoch Studio | TensorBoard | times as fast | target ${LEAST_RATIO} |
| --- | --- | --- | --- | --- |
${comparisonRows(results).join('\n')}

| while a chart of ${results.compared} runs is dragged | median frame | 95 % of frames within | work for a frame, median | 95 % of it within | processor time per frame |
| --- | --- | --- | --- | --- | --- |
${frameRow('Epoch Studio', results.studio)}
${frameRow('TensorBoard', results.tensorBoard)}

The studio's own limits:

${limits(results).join('\n')}
`;
}
