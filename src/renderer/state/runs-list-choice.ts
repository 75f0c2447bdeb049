import { z } from 'zod';
import type { PanelStorage } from '../components/results/panel-layout.svelte.ts';

const KEY = 'epoch-studio.runs';

/** How the user wants the history: columns by id (null for the usual ones), and what it is grouped by. */
const choice = z.object({ columns: z.array(z.string()).nullable(), groupBy: z.string().nullable() });
export type RunsChoice = z.infer<typeof choice>;

const USUAL: RunsChoice = { columns: null, groupBy: null };

/** The stored choice; the usual one where there is none or it is not ours. */
export function readChoice(storage: PanelStorage | null): RunsChoice {
  try {
    return choice.parse(JSON.parse(storage?.getItem(KEY) ?? 'null'));
  } catch {
    // Nothing stored yet, or written by something else.
    return USUAL;
  }
}

export function storeChoice(storage: PanelStorage | null, chosen: RunsChoice): void {
  storage?.setItem(KEY, JSON.stringify(chosen));
}
