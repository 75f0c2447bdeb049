import type { RunDetail, RunState } from '../../shared/schema/run.ts';
import { exitCodes, printResult, type CommandInput, type Terminal } from './command.ts';
import { formatCount, formatDuration, formatNumber, formatShare } from './format.ts';

/** What `run`, `resume` and `rerun` print with `--json`. */
export function runReport({ summary, provenance }: RunDetail): Record<string, unknown> {
  const { headline } = summary;
  return {
    runId: summary.id,
    name: summary.name,
    state: summary.state,
    seed: summary.seed,
    engine: provenance?.engine ?? null,
    executor: provenance?.executor ?? null,
    stepsPerCall: provenance?.stepsPerCall ?? null,
    epochsDone: summary.epochsDone,
    epochsPlanned: summary.epochsPlanned,
    trainLoss: headline.trainLoss,
    trainAccuracy: headline.trainAccuracy,
    devLoss: headline.devLoss,
    devAccuracy: headline.devAccuracy,
    testLoss: headline.testLoss,
    testAccuracy: headline.testAccuracy,
    durationMs: summary.durationMs,
    examplesPerSecond: summary.examplesPerSecond,
    failure: summary.failure,
  };
}

/** The end of a run in a few lines. */
export function describeRun({ summary, provenance }: RunDetail): string[] {
  const { headline, failure } = summary;
  const lines = [`run ${summary.id} (${summary.name}, seed ${summary.seed}): ${summary.state}`];
  if (provenance) {
    const { engine, executor } = provenance;
    lines.push(
      `engine    ${engine.kind} ${engine.version} on ${engine.device.name}, ${engine.threads} threads, ${executor}`,
    );
  }
  lines.push(
    `epochs    ${summary.epochsDone} of ${summary.epochsPlanned} in ${formatDuration(summary.durationMs)}`,
  );
  if (summary.examplesPerSecond !== null)
    lines.push(`rate      ${formatCount(summary.examplesPerSecond)} examples/s`);
  lines.push(
    `train     loss ${formatNumber(headline.trainLoss)}, accuracy ${formatShare(headline.trainAccuracy)}`,
  );
  lines.push(
    `dev       loss ${formatNumber(headline.devLoss)}, accuracy ${formatShare(headline.devAccuracy)}`,
  );
  lines.push(
    `test      loss ${formatNumber(headline.testLoss)}, accuracy ${formatShare(headline.testAccuracy)}`,
  );
  if (failure) lines.push(`failure   ${failure.message}`);
  if (summary.state === 'crashed') lines.push(`way out   resume ${summary.id}`);
  return lines;
}

/** Prints a run that has ended and returns the exit code. */
export function printRunEnd(detail: RunDetail, input: CommandInput, terminal: Terminal): number {
  printResult(input, terminal, { document: runReport(detail), lines: describeRun(detail) });
  return exitCodeOf(detail.summary.state);
}

/** 0 for a finished run, 130 for one the user cancelled, 1 for every other end. */
export function exitCodeOf(state: RunState): number {
  if (state === 'finished') return exitCodes.success;
  return state === 'cancelled' ? exitCodes.interrupted : exitCodes.failed;
}
