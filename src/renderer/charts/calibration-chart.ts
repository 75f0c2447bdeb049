import type { ClassificationResult } from '../../shared/schema/results.ts';
import { formatAccuracy, formatCount } from '../text/format.ts';
import { numberAxis, percentTick, stillChart, type ChartTheme, type FigureConfiguration } from './chart.ts';

type Bin = ClassificationResult['calibration'][number];

const middle = (bin: Bin) => (bin.lower + bin.upper) / 2;

/** Accuracy per bin of confidence as bars, beside the diagonal on which a calibrated model's bars end. */
export function calibrationChart(
  theme: ChartTheme,
  bins: readonly Bin[],
  colour: string,
): FigureConfiguration {
  const share = { minimum: 0, maximum: 1, tick: percentTick };
  return {
    type: 'bar',
    data: {
      datasets: [
        {
          type: 'line',
          label: 'Calibrated',
          data: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
          order: 0,
          pointRadius: 0,
          pointHitRadius: 0,
          borderWidth: 1.25,
          borderDash: [5, 3],
          borderColor: theme.mark,
        },
        {
          type: 'bar',
          label: 'Accuracy',
          order: 1,
          data: bins.map((bin) => ({ x: middle(bin), y: bin.accuracy ?? Number.NaN })),
          backgroundColor: colour,
          barThickness: 'flex',
          categoryPercentage: 0.96,
          barPercentage: 1,
        },
      ],
    },
    options: {
      ...stillChart,
      scales: {
        x: { ...numberAxis(theme, { title: 'Confidence (%)', grid: false, ...share }), offset: false },
        y: numberAxis(theme, { title: 'Accuracy (%)', ...share }),
      },
      plugins: {
        tooltip: {
          animation: false,
          callbacks: {
            title: () => '',
            label: ({ dataIndex }: { dataIndex: number }) => ` ${describeBin(bins[dataIndex])}`,
          },
        },
      },
    },
  } as unknown as FigureConfiguration;
}

function describeBin(bin: Bin | undefined): string {
  if (bin === undefined) return '';
  const range = `${percentTick(bin.lower)} to ${percentTick(bin.upper)} %`;
  if (bin.accuracy === null) return `confidence ${range}: no examples`;
  return `confidence ${range}: ${formatAccuracy(bin.accuracy)} right of ${formatCount(bin.count)}`;
}

/** The bars in words. */
export function describeCalibration(result: ClassificationResult): string {
  const filled = result.calibration.filter((bin) => bin.accuracy !== null);
  const error = `Calibration error ${formatAccuracy(result.calibrationError)}`;
  return [error, ...filled.map(describeBin)].join('; ');
}
