/**
 * Ids in the order a user gave them: those of `order` first as they stand there, every other right after the one it
 * naturally follows.
 */
export function arrangeIds(natural: readonly string[], order: readonly string[]): string[] {
  const known = new Set(natural);
  const arranged = order.filter((id) => known.has(id));
  natural.forEach((id, index) => {
    if (arranged.includes(id)) return;
    const before = natural[index - 1];
    arranged.splice(before === undefined ? 0 : arranged.indexOf(before) + 1, 0, id);
  });
  return arranged;
}

/** The ids with one moved to the place of another. */
export function moveId(ids: readonly string[], id: string, to: number): string[] {
  const others = ids.filter((one) => one !== id);
  others.splice(Math.max(0, Math.min(others.length, to)), 0, id);
  return others;
}

/** An order of a page's panels that keeps the places of panels this page lacks. */
export function mergeOrder(arranged: readonly string[], stored: readonly string[]): string[] {
  const all = [...stored, ...arranged.filter((id) => !stored.includes(id))];
  return arrangeIds(all, arranged);
}
