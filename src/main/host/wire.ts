/**
 * How messages cross between a Node process and its child: by structured clone, or as JSON text. Text is for an old
 * Electron: the serializer of Electron 22's Node frees memory that is not its own, and the whole program with it.
 */
export type Wire = 'structured' | 'text';

const VARIABLE = 'EPOCH_STUDIO_WIRE';

/** Tells a child how its parent speaks; always given, since a child hands its environment on to its own children. */
export function wireEnvironment(wire: Wire): Readonly<Record<string, string>> {
  return { [VARIABLE]: wire };
}

/** How this process's parent speaks. */
export function parentWire(): Wire {
  return process.env[VARIABLE] === 'text' ? 'text' : 'structured';
}
