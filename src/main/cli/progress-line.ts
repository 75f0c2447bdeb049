import type { DatasetProgress } from '../../shared/schema/catalogue.ts';
import type { InstallProgress } from '../../shared/schema/engine.ts';
import type { RunProgress } from '../../shared/schema/run.ts';
import type { ProgressLine } from './command.ts';
import { formatBytes, formatCount, formatDuration, formatNumber, formatShare } from './format.ts';

const clearLine = '\r\u001b[K';
/** Where a terminal does not say how wide it is. */
const assumedColumns = 100;

/** A line on a terminal that is written over, cut to the terminal's width. */
export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  return {
    show: (text) => stream.write(clearLine + text.slice(0, (stream.columns || assumedColumns) - 1)),
    clear: () => stream.write(clearLine),
  };
}

/** "epoch 2 of 5 · step 1,400 of 4,690 · 98,765 examples/s · loss 0.1234 · accuracy 96.10 % · 12.0 s left". */
export function describeRunProgress(progress: RunProgress): string {
  const {
    epoch,
    epochsPlanned,
    step,
    stepsPlanned,
    examplesPerSecond,
    secondsLeft,
    trainLoss,
    trainAccuracy,
  } = progress;
  if (progress.phase === 'loading' || progress.phase === 'compiling') return `${progress.phase} ...`;
  const parts = [
    `epoch ${Math.min(epoch + 1, epochsPlanned)} of ${epochsPlanned}`,
    `step ${formatCount(step)} of ${formatCount(stepsPlanned)}`,
    `${formatCount(examplesPerSecond)} examples/s`,
  ];
  if (trainLoss !== null) parts.push(`loss ${formatNumber(trainLoss)}`);
  if (trainAccuracy !== null) parts.push(`accuracy ${formatShare(trainAccuracy)}`);
  parts.push(secondsLeft === null ? progress.phase : `${formatDuration(secondsLeft * 1000)} left`);
  return parts.join(' · ');
}

/** "download · 120.0 MB of 260.4 MB · 8.1 MB/s · 17.3 s left". */
export function describeInstall(progress: InstallProgress): string {
  return describeBytes(progress);
}

/** The same of a dataset that is fetched; what follows the download is said in words. */
export function describeTransfer(progress: DatasetProgress): string {
  return progress.phase === 'download' ? describeBytes(progress) : `${progress.message} ...`;
}

function describeBytes(progress: Omit<InstallProgress, 'phase'> & { readonly phase: string }): string {
  const { phase, doneBytes, totalBytes, bytesPerSecond, secondsLeft } = progress;
  const parts = [phase, `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`];
  if (bytesPerSecond > 0) parts.push(`${formatBytes(bytesPerSecond)}/s`);
  if (secondsLeft !== null) parts.push(`${formatDuration(secondsLeft * 1000)} left`);
  return parts.join(' · ');
}
