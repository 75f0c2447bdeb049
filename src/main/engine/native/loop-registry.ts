import { createHash } from 'node:crypto';
import type { Binding } from './binding.ts';
import { registerLoop, type Loop, type LoopDefinition } from './loop.ts';
import { MaskFunctions } from './mask-functions.ts';
import { encodeGraph } from './proto.ts';

/** Loops that no program uses but one may ask for again. */
const MOST_IDLE = 32;

interface Entry {
  readonly loop: Loop;
  /** Loops on variables are of one program alone, whose variables they name. */
  readonly isPure: boolean;
  users: number;
}

/** A name that says all that a loop does: XLA keeps what it has compiled by the function's name. */
function nameOf(definition: LoopDefinition): string {
  const { graph, invariants, carried, next, effects, xla } = definition;
  const hash = createHash('sha256')
    .update(encodeGraph(graph.nodes))
    .update(JSON.stringify([invariants, carried, next, effects, xla]));
  return `${definition.name}_${hash.digest('hex').slice(0, 16)}`;
}

/**
 * The loops of an engine, named by their content: programs that do the same share one, and one that was used lately is
 * still there, optimised and compiled. A process that begins later finds what XLA has compiled under the same name.
 */
export class LoopRegistry {
  readonly #binding: Binding;
  readonly #masks: MaskFunctions | null;
  /** By name, the one taken last at the end. */
  readonly #entries = new Map<string, Entry>();

  /** @param drawsMasks whether XLA draws large masks for the graph executor; on a CUDA device that is its own affair */
  constructor(binding: Binding, drawsMasks: boolean) {
    this.#binding = binding;
    this.#masks = drawsMasks ? new MaskFunctions(binding) : null;
  }

  /** Registers a loop, or takes one that does the same. The caller gives it back by {@link release}. */
  take(definition: LoopDefinition): Loop {
    const name = nameOf(definition);
    const entry = this.#entries.get(name) ?? {
      loop: registerLoop(this.#binding, { ...definition, name }, this.#masks),
      isPure: definition.effects.length === 0,
      users: 0,
    };
    entry.users++;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.loop;
  }

  release(loop: Loop): void {
    const entry = this.#entries.get(loop.name)!;
    entry.users--;
    if (entry.users > 0) return;
    if (!entry.isPure) this.#remove(entry);
    const idle = [...this.#entries.values()].filter(({ users }) => users === 0);
    idle.slice(0, Math.max(0, idle.length - MOST_IDLE)).forEach((oldest) => this.#remove(oldest));
  }

  #remove({ loop }: Entry): void {
    this.#entries.delete(loop.name);
    loop.dispose();
  }

  /** Takes all loops out of TensorFlow's context. */
  dispose(): void {
    for (const entry of this.#entries.values()) this.#remove(entry);
    this.#masks?.dispose();
  }
}
