import { z } from 'zod';

/** Schemas that only wrap another one; its keys are theirs. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional
  ) {
    return unwrap(schema.unwrap());
  }
  return schema;
}

/** The properties of an object schema, by key; null for another kind. */
function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | null {
  return schema instanceof z.ZodObject ? schema.shape : null;
}

/** The option of a union of objects that a value means, by its `kind`. */
function chooseOption(union: z.ZodDiscriminatedUnion, value: unknown): z.core.$ZodType | null {
  const discriminator = union.def.discriminator;
  const wanted = (value as Record<string, unknown> | null)?.[discriminator];
  const option = union.options.find((candidate) => {
    const literal = shapeOf(candidate)?.[discriminator];
    return literal instanceof z.ZodLiteral && literal.values.has(wanted as string);
  });
  return option ?? null;
}

/** The object schema that a value at hand is held against, or null where it is no object. */
function objectSchema(schema: z.core.$ZodType, value: unknown): z.ZodObject | null {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return inner;
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return null;
  const option = chooseOption(inner, value);
  return option === null ? null : objectSchema(option, value);
}

/**
 * The keys an object at `path` of a value may have, found by walking schema and value side by side; none where the
 * path leads to no object.
 */
export function knownKeys(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  const [head, ...rest] = path;
  if (head === undefined) return Object.keys(objectSchema(schema, value)?.shape ?? {});
  const child = (value as Record<PropertyKey, unknown> | null)?.[head];
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return knownKeys(inner.element, child, rest);
  const next = shapeOf(objectSchema(schema, value) ?? schema)?.[String(head)];
  return next === undefined ? [] : knownKeys(next, child, rest);
}
