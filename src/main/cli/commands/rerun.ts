import type { RunDetail } from '../../../shared/schema/run.ts';
import { runIdArgument } from '../arguments.ts';
import { exitCodes, printResult, type Command } from '../command.ts';
import { compareLosses, type LossComparison } from '../compare-losses.ts';
import { followRun } from '../follow-run.ts';
import { describeRun, exitCodeOf, runReport } from '../run-report.ts';
import { withStudio } from '../with-studio.ts';

/** `rerun ID`: the same experiment, seed and engine again, and whether the losses agree bit for bit. */
export const rerunCommand: Command = {
  name: 'rerun',
  usage: 'ID',
  summary: 'train a stored run again and say whether its losses are the same, bit for bit',
  options: {},
  positionals: { min: 1, max: 1 },
  async run(input, terminal) {
    const firstId = runIdArgument(input.positionals[0]);
    return withStudio(input, terminal, async (session) => {
      const first = await session.client.invoke('runs.get', { runId: firstId });
      const second = await followRun(session, terminal, async () => {
        const { runId } = await session.client.invoke('runs.start', startAgain(first));
        return runId;
      });
      const losses = compareLosses(first.series, second.series);
      printResult(input, terminal, {
        document: { ...runReport(second), rerunOf: first.summary.id, losses },
        lines: [...describeRun(second), describeComparison(losses)],
      });
      const code = exitCodeOf(second.summary.state);
      return code === exitCodes.success && !losses.equal ? exitCodes.failed : code;
    });
  },
};

function startAgain({ experiment, summary, provenance }: RunDetail) {
  const engine = provenance?.engine.kind ?? ('auto' as const);
  const { seed, experimentId, variant } = summary;
  const threads = provenance?.engine.threads ?? null;
  return { experiment, seed, engine, threads, experimentId, variant };
}

function describeComparison({ equal, compared, firstDifference }: LossComparison): string {
  if (equal) return `losses    equal, bit for bit (${compared} compared)`;
  if (!firstDifference) return 'losses    nothing to compare: the runs have no epoch in common';
  const { split, epoch, first, second } = firstDifference;
  return `losses    different from ${split} epoch ${epoch}: ${first} and ${second}`;
}
