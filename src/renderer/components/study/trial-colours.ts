import { viridis } from '../../charts/colour-maps.ts';

/** Steps of the scale, so that what has one colour can be drawn at once. */
const STEPS = 24;

/**
 * Colours from the best trial to the worst: the best stands out most from the ground, so the scale begins at its dark
 * end on white and at its bright end on black.
 */
export function rankColours(theme: 'light' | 'dark'): string[] {
  return Array.from({ length: STEPS }, (_, step) => {
    const share = step / (STEPS - 1);
    return viridis(theme === 'dark' ? 1 - 0.85 * share : 0.9 * share);
  });
}

/** Which of the colours each rank has; the last for a trial without one. */
export function rankSteps(ranks: Float64Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(ranks, (rank) => (Number.isNaN(rank) ? STEPS - 1 : Math.round(rank * (STEPS - 1))));
}
