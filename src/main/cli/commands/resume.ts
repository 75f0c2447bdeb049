import { runIdArgument } from '../arguments.ts';
import type { Command } from '../command.ts';
import { followRun } from '../follow-run.ts';
import { printRunEnd } from '../run-report.ts';
import { withStudio } from '../with-studio.ts';

/** `resume ID`: continues a paused or crashed run to its end. */
export const resumeCommand: Command = {
  name: 'resume',
  usage: 'ID',
  summary: 'continue a paused or crashed run from its last checkpoint, to the same numbers',
  options: {},
  positionals: { min: 1, max: 1 },
  async run(input, terminal) {
    const runId = runIdArgument(input.positionals[0]);
    return withStudio(input, terminal, async (session) => {
      const detail = await followRun(session, terminal, async () => {
        await session.client.invoke('runs.resume', { runId });
        return runId;
      });
      return printRunEnd(detail, input, terminal);
    });
  },
};
