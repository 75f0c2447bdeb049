import type { StepOf, Warp } from './parts.ts';
import { shiftWarp } from './shift.ts';

/** A window of the image's own size anywhere in the padded image: the image moved by at most the padding. */
export function cropWarp({ padding }: StepOf<'crop'>): Warp {
  return shiftWarp({ pixels: padding });
}
