/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Record<string, Json>;

/**
 * A copy of a JSON value with another value at a path such as "model.layers.0.units". What is not there yet (a gamma, a
 * name) may be set, but nothing beneath it; lists keep their length.
 * @param leadsNowhere makes the error for a path that leads to no field
 */
export function setField(node: Json, path: string, value: Json, leadsNowhere: () => Error): Json {
  return replaceAt(node, path.split('.'), value, leadsNowhere);
}

function replaceAt(node: Json, keys: readonly string[], value: Json, leadsNowhere: () => Error): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(node)) return replaceInList(node, Number(key), rest, value, leadsNowhere);
  if (typeof node !== 'object' || node === null) throw leadsNowhere();
  const object = node as JsonObject;
  if (!Object.hasOwn(object, key) && rest.length > 0) throw leadsNowhere();
  return { ...object, [key]: replaceAt(object[key] ?? null, rest, value, leadsNowhere) };
}

function replaceInList(
  list: readonly Json[],
  index: number,
  rest: readonly string[],
  value: Json,
  leadsNowhere: () => Error,
): Json {
  if (!Number.isInteger(index) || index < 0 || index >= list.length) throw leadsNowhere();
  return list.map((item, i) => (i === index ? replaceAt(item, rest, value, leadsNowhere) : item));
}
