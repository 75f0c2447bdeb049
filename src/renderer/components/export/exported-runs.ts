import { getContext, setContext } from 'svelte';
import type { RunId } from '../../../shared/schema/run.ts';

const RUNS = Symbol('exported runs');

/** Says which runs the panels below are about; their figures carry them. */
export function provideExportedRuns(runIds: () => readonly RunId[]): void {
  setContext(RUNS, runIds);
}

/** The runs a panel is about; none where nothing says so. */
export function useExportedRuns(): () => readonly RunId[] {
  return getContext<(() => readonly RunId[]) | undefined>(RUNS) ?? (() => []);
}
