import type { ParallelAxis } from './compare-axes.ts';

/** What is kept on one axis: a stretch of shares of it, or some of its words by place. */
export type Brush =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'categories'; readonly kept: ReadonlySet<number> };

/** Brushes by the axis's id. */
export type Brushes = ReadonlyMap<string, Brush>;

/** Slack for a share that stands at the very end of a stretch. */
const SLACK = 1e-9;
/** The least a stretch may be, so that it can be seen and taken hold of. */
const LEAST = 0.02;

/** Is a run's share of an axis kept? What has no place on a brushed axis is not. */
export function keeps(brush: Brush, axis: ParallelAxis, share: number): boolean {
  if (Number.isNaN(share)) return false;
  if (brush.kind === 'range') return share >= brush.from - SLACK && share <= brush.to + SLACK;
  return brush.kept.has(Math.round(share * axis.span[1]));
}

/** Per run: does every brush keep it? */
export function keptRuns(axes: readonly ParallelAxis[], brushes: Brushes, count: number): boolean[] {
  const brushed = axes.flatMap((axis) => {
    const brush = brushes.get(axis.id);
    return brush === undefined ? [] : [{ axis, brush }];
  });
  return Array.from({ length: count }, (_, run) =>
    brushed.every(({ axis, brush }) => keeps(brush, axis, axis.shares[run] ?? NaN)),
  );
}

/** A stretch between two shares in either order, no smaller than can be seen and within the axis. */
export function rangeBrush(one: number, other: number): Brush {
  const clamp = (share: number) => Math.max(0, Math.min(1, share));
  let [from, to] = [clamp(Math.min(one, other)), clamp(Math.max(one, other))];
  if (to - from < LEAST) {
    const middle = Math.max(LEAST / 2, Math.min(1 - LEAST / 2, (from + to) / 2));
    [from, to] = [middle - LEAST / 2, middle + LEAST / 2];
  }
  return { kind: 'range', from, to };
}

/** Moves one end of a stretch; the whole axis is no brush. */
export function movedEnd(brush: Brush | undefined, end: 'from' | 'to', share: number): Brush | null {
  const { from, to } = brush?.kind === 'range' ? brush : { from: 0, to: 1 };
  const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
  const moved: { readonly from: number; readonly to: number } =
    end === 'from' ? { from: clamp(share, 0, to - LEAST), to } : { from, to: clamp(share, from + LEAST, 1) };
  return moved.from <= SLACK && moved.to >= 1 - SLACK ? null : { kind: 'range', ...moved };
}

/** Takes a word in or out; with all or none of them left there is no brush. */
export function toggledCategory(brush: Brush | undefined, category: number, count: number): Brush | null {
  const before = brush?.kind === 'categories' ? brush.kept : new Set<number>();
  const kept = new Set(before);
  if (!kept.delete(category)) kept.add(category);
  return kept.size === 0 || kept.size === count ? null : { kind: 'categories', kept };
}

/** The brushes with that of one axis changed or, with null, taken away. */
export function withBrush(brushes: Brushes, axis: string, brush: Brush | null): Brushes {
  const next = new Map(brushes);
  if (brush === null) next.delete(axis);
  else next.set(axis, brush);
  return next;
}
