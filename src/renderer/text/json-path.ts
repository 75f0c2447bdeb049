/** A value a JSON file can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** "model.layers[2].units" and "model.layers.2.units" alike, as steps. */
export function pathSteps(path: string): string[] {
  return path
    .replace(/\[(\w+)\]/g, '.$1')
    .split('.')
    .filter((step) => step !== '');
}

/** One spelling of a path, for comparing. */
export function normalisePath(path: string): string {
  return pathSteps(path).join('.');
}

/** The value at a path, or undefined where the path leads nowhere. */
export function getAt(root: unknown, path: string): unknown {
  let value = root;
  for (const step of pathSteps(path)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function withStep(parent: Json | undefined, step: string, value: Json | undefined): Json {
  if (Array.isArray(parent)) {
    const copy = [...parent];
    if (value !== undefined) copy[Number(step)] = value;
    return copy;
  }
  const copy: Record<string, Json> = typeof parent === 'object' && parent !== null ? { ...parent } : {};
  if (value === undefined) return Object.fromEntries(Object.entries(copy).filter(([key]) => key !== step));
  copy[step] = value;
  return copy;
}

/** A copy of `root` with `value` at `path`; undefined takes the key away. Untouched parts are shared. */
export function setAt(root: Json, path: string, value: Json | undefined): Json {
  const [step, ...rest] = pathSteps(path);
  if (step === undefined) return value ?? null;
  if (rest.length === 0) return withStep(root, step, value);
  const child = getAt(root, step) as Json | undefined;
  return withStep(root, step, setAt(child ?? {}, rest.join('.'), value));
}
