import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Decimation,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
  type ChartConfiguration,
  type ChartDataset,
  type Point,
  type ScaleOptionsByType,
} from 'chart.js';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Decimation,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
);

export { Chart };

/** Colours of a chart's ground, read from the tokens when it is drawn. */
export interface ChartTheme {
  readonly text: string;
  /** Marks that are not a run's or a class's own. */
  readonly mark: string;
  readonly line: string;
  readonly ground: string;
  readonly accent: string;
  readonly failed: string;
  readonly font: string;
  readonly isDark: boolean;
}

/** The theme in force at an element. */
export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: token('--text-quiet'),
    mark: token('--text'),
    line: token('--line'),
    ground: token('--ground'),
    accent: token('--accent'),
    failed: token('--failed'),
    font: style.fontFamily,
    isDark: style.colorScheme.includes('dark'),
  };
}

/** A number axis: a title that names the unit, and ticks without needless digits. */
export interface AxisOptions {
  readonly title: string;
  readonly logarithmic?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly grid?: boolean;
  /** Writes a tick. */
  readonly tick?: (value: number) => string;
}

type NumberAxis = { type: 'linear' | 'logarithmic' } & Partial<ScaleOptionsByType<'linear'>>;

/** The options of one axis in the house's look. */
export function numberAxis(theme: ChartTheme, options: AxisOptions): NumberAxis {
  const font = { size: 11, family: theme.font };
  const { tick = plainTick } = options;
  return {
    type: options.logarithmic === true ? 'logarithmic' : 'linear',
    min: options.minimum,
    ...(options.logarithmic === true ? { afterBuildTicks: setDecades } : {}),
    max: options.maximum,
    border: { color: theme.line },
    grid: { color: theme.line, tickLength: 4, display: options.grid ?? true },
    title: { display: true, text: options.title, color: theme.text, font, padding: 2 },
    ticks: {
      color: theme.text,
      font,
      includeBounds: false,
      maxTicksLimit: 7,
      maxRotation: 0,
      callback: (value: string | number) => tick(Number(value)),
    },
  } as unknown as NumberAxis;
}

/** A scale whose ticks have just been made. */
interface TickedScale {
  readonly min: number;
  readonly max: number;
  ticks: { value: number }[];
}

function setDecades(scale: TickedScale): void {
  const decades = decadeTicks(scale.min, scale.max);
  if (decades.length > 2) scale.ticks = decades.map((value) => ({ value }));
}

/** Powers of ten between two numbers, evenly thinned to at most seven. */
export function decadeTicks(minimum: number, maximum: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(minimum)), Math.floor(Math.log10(maximum))];
  const stride = Math.max(1, Math.ceil((last - first + 1) / 7));
  const ticks: number[] = [];
  for (let exponent = Math.ceil(first / stride) * stride; exponent <= last; exponent += stride)
    ticks.push(Number(`1e${exponent}`));
  return ticks;
}

/** A tick's number without needless zeros, grouped where it is large. */
export function plainTick(value: number): string {
  const rounded = Number(value.toPrecision(4));
  const size = Math.abs(rounded);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return rounded.toExponential().replace('e+', 'e');
  return size >= 10_000 ? rounded.toLocaleString('en-GB') : String(rounded);
}

/** A share in [0, 1] as per cent, without its sign. */
export function percentTick(value: number): string {
  return plainTick(value * 100);
}

/** What all charts have in common: they stand still and fill their box. */
export const stillChart = {
  animation: false,
  responsive: true,
  maintainAspectRatio: false,
  parsing: false,
  normalized: true,
} as const;

/** The charts that figures are made of. */
export type FigureConfiguration = ChartConfiguration<'line' | 'bar' | 'scatter', Point[] | number[]>;
export type FigureDataset = ChartDataset<'line' | 'bar' | 'scatter', Point[]>;
export type AnyChart = Chart<'line' | 'bar' | 'scatter', Point[] | number[]>;

/** Points without a line between them. */
export function pointsDataset(label: string, data: Point[], colour: string, radius = 2.5): FigureDataset {
  return {
    type: 'scatter',
    label,
    data,
    pointRadius: radius,
    pointHoverRadius: radius + 2,
    pointHitRadius: 4,
    borderWidth: 0,
    backgroundColor: colour,
    borderColor: colour,
  };
}

/** A line without points. */
export function lineDataset(label: string, data: Point[], colour: string, dashed = false): FigureDataset {
  return {
    type: 'line',
    label,
    data,
    pointRadius: 0,
    pointHitRadius: 0,
    pointHoverRadius: 0,
    borderWidth: dashed ? 1.25 : 2,
    borderDash: dashed ? [5, 3] : undefined,
    borderColor: colour,
    backgroundColor: colour,
    tension: 0,
  };
}
