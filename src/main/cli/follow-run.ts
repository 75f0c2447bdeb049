import type { RunDetail, RunId, RunState, RunSummary } from '../../shared/schema/run.ts';
import type { StudioSession, Terminal } from './command.ts';
import { describeRunProgress } from './progress-line.ts';

const endStates: ReadonlySet<RunState> = new Set(['finished', 'failed', 'cancelled', 'crashed']);

/**
 * Starts a run and stays with it to its end: progress on the terminal, its warnings and errors as lines, Ctrl-C
 * cancels it politely (a second one ends the program).
 * @returns the run as it is stored after its end
 */
export async function followRun(
  session: StudioSession,
  terminal: Terminal,
  start: () => Promise<RunId>,
): Promise<RunDetail> {
  const watch = watchRuns(session, terminal);
  try {
    return await stayWith(session, terminal, watch, await start());
  } finally {
    watch.stop();
  }
}

/** Stays with a run that was started before and may have ended meanwhile; otherwise as {@link followRun}. */
export async function followStarted(
  session: StudioSession,
  terminal: Terminal,
  runId: RunId,
): Promise<RunDetail> {
  const watch = watchRuns(session, terminal);
  try {
    // Asked after listening began, so that an end in between is not missed.
    const detail = await session.client.invoke('runs.get', { runId });
    if (endStates.has(detail.summary.state)) return detail;
    return await stayWith(session, terminal, watch, runId);
  } finally {
    watch.stop();
  }
}

async function stayWith(
  { client }: StudioSession,
  terminal: Terminal,
  watch: RunWatch,
  runId: RunId,
): Promise<RunDetail> {
  const stopListening = terminal.onInterrupt(() => {
    terminal.tell('cancelling ... (Ctrl-C again to end at once)');
    // A run that has just ended cannot be cancelled any more; its end is reported anyway.
    client.invoke('runs.cancel', { runId }).catch(() => undefined);
  });
  await watch.ended(runId).finally(stopListening);
  return client.invoke('runs.get', { runId });
}

interface RunWatch {
  ended(runId: RunId): Promise<void>;
  stop(): void;
}

/** Listens from before the start, so that no event of a short run is missed. */
function watchRuns({ client }: StudioSession, terminal: Terminal): RunWatch {
  const states = new Map<RunId, RunState>();
  let onChange: () => void = () => undefined;
  let watched: RunId | null = null;
  const stops = [
    client.subscribe('run.changed', (summary: RunSummary) => {
      states.set(summary.id, summary.state);
      onChange();
    }),
    client.subscribe('run.progress', (progress) => {
      if (progress.runId === watched) terminal.progress?.show(describeRunProgress(progress));
    }),
    client.subscribe('run.log', ({ runId, line }) => {
      if (runId !== watched || line.level === 'info') return;
      terminal.progress?.clear();
      terminal.tell(`${line.level}: ${line.text}`);
    }),
  ];
  return {
    ended(runId) {
      watched = runId;
      return new Promise((resolve) => {
        onChange = () => {
          const state = states.get(runId);
          if (state && endStates.has(state)) resolve();
        };
        onChange();
      });
    },
    stop() {
      terminal.progress?.clear();
      for (const stop of stops) stop();
    },
  };
}
