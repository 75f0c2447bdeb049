import type { Span } from './axis-scale.ts';

/** What part of the plane is seen, in places of the axes. */
export interface OverlayView {
  readonly x: Span;
  readonly y: Span;
}

/** A box of pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room above and below the data, as a share of their height. */
const MARGIN = 0.04;
/** How far one may go in and out, as shares of the whole width. */
const NEAREST = 1e-4;
const FARTHEST = 4;

/** The view of a stretch of data, with a little room above and below; of a single number, some room around it. */
export function fitView(x: Span, y: Span): OverlayView {
  return { x: widened(x, 0), y: widened(y, MARGIN) };
}

function widened([from, to]: Span, margin: number): Span {
  if (!(to >= from)) return [0, 1];
  if (to === from) return [from - (Math.abs(from) * 0.1 || 0.5), to + (Math.abs(to) * 0.1 || 0.5)];
  const room = (to - from) * margin;
  return [from - room, to + room];
}

/** Moves a stretch by a share of itself. */
function shifted([from, to]: Span, share: number): Span {
  const by = (to - from) * share;
  return [from + by, to + by];
}

/** Scales a stretch around one of its places (0: its start, 1: its end). */
function scaled([from, to]: Span, at: number, factor: number): Span {
  const width = to - from;
  const fixed = from + width * at;
  return [fixed - width * at * factor, fixed + width * (1 - at) * factor];
}

/** Moves the view by pixels of its box. */
export function panView(view: OverlayView, box: Box, byX: number, byY: number): OverlayView {
  return { x: shifted(view.x, -byX / box.width), y: shifted(view.y, byY / box.height) };
}

/**
 * Scales the view around a pixel; below 1 goes nearer. Never nearer or farther than makes sense for the whole.
 * @param sides which axes are scaled
 */
export function zoomView(
  view: OverlayView,
  whole: OverlayView,
  box: Box,
  at: { readonly x: number; readonly y: number },
  factor: number,
  sides: 'x' | 'y' | 'both' = 'both',
): OverlayView {
  const zoom = (own: Span, all: Span, place: number): Span => {
    const share = ((own[1] - own[0]) * factor) / (all[1] - all[0]);
    return share < NEAREST || share > FARTHEST ? own : scaled(own, place, factor);
  };
  return {
    x: sides === 'y' ? view.x : zoom(view.x, whole.x, (at.x - box.left) / box.width),
    y: sides === 'x' ? view.y : zoom(view.y, whole.y, 1 - (at.y - box.top) / box.height),
  };
}

/** The pixel of a place. */
export function pixelX(view: OverlayView, box: Box, place: number): number {
  return box.left + ((place - view.x[0]) / (view.x[1] - view.x[0])) * box.width;
}

/** The pixel of a place; larger numbers lie higher. */
export function pixelY(view: OverlayView, box: Box, place: number): number {
  return box.top + (1 - (place - view.y[0]) / (view.y[1] - view.y[0])) * box.height;
}
