import { viridis } from '../../charts/colour-maps.ts';

/** Steps of the scale, so that what has one colour can be drawn at once. */
export const RANK_STEPS = 24;
/** Of trials without a value, on white and on black. */
const NO_VALUE = { light: '#8a93a0', dark: '#77828f' } as const;

/**
 * Colours from the best trial to the worst: the best stands out most from the ground, so the scale begins at its dark
 * end on white and at its bright end on black. After them the colour of trials without a value.
 */
export function rankColours(theme: 'light' | 'dark'): string[] {
  const ranks = Array.from({ length: RANK_STEPS }, (_, step) => {
    const share = step / (RANK_STEPS - 1);
    return viridis(theme === 'dark' ? 1 - 0.85 * share : 0.9 * share);
  });
  return [...ranks, NO_VALUE[theme]];
}

/** Which of the colours each rank has, the last for a trial without one. */
export function rankSteps(ranks: Float64Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(ranks, (rank) =>
    Number.isNaN(rank) ? RANK_STEPS : Math.round(rank * (RANK_STEPS - 1)),
  );
}
