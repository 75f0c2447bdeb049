import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import { openStream, type RandomStream } from '../../shared/random/stream.ts';
import type { Maximisation, MaximisationOptions } from '../../shared/schema/inspection.ts';
import { forwardTo, type ModelPlan, type PlannedLayer } from '../model/index.ts';
import { AdamAscent } from './adam-ascent.ts';
import { planeOf, type ImagePlane } from './image-plane.ts';
import { addPenalties } from './image-penalties.ts';
import { layerNamed } from './layer-outputs.ts';
import { nextTurn } from './next-turn.ts';
import type { OpenNet } from './open-net.ts';
import { computeNumbers } from './read-numbers.ts';
import { requireUnit } from './require-unit.ts';
import { rollImage } from './roll-image.ts';
import { stretchContrast } from './stretch-contrast.ts';

/** Standard deviation of the noise that an ascent starts from, in units of the prepared input. */
const NOISE = 0.01;

/** What is asked of a unit. */
export interface MaximisationQuestion {
  readonly layer: string;
  readonly unit: number;
  readonly options: MaximisationOptions;
}

/** How a long computation speaks with whoever waits for it. */
export interface LongWork {
  onProgress(done: number, total: number): void;
  /** Asked between two steps. */
  isCancelled(): boolean;
}

/** Mean activation of a unit over its map for prepared inputs, a scalar. */
function meanActivation(
  plan: ModelPlan,
  { context }: OpenNet,
  layer: number,
  unit: number,
  x: Tensor,
): Tensor {
  const output = forwardTo(plan, x, context, layer);
  const before = output.shape.slice(0, -1);
  return tf.mean(tf.slice(output, [...before.map(() => 0), unit], [...before, 1]));
}

/** The plan with a layer's own activation left out; null where it has none. */
function withoutActivation(plan: ModelPlan, { index, spec }: PlannedLayer): ModelPlan | null {
  if (!('activation' in spec) || spec.kind === 'activation' || spec.activation === 'linear') return null;
  const layers = plan.layers.map((layer) =>
    layer.index === index ? { ...layer, spec: { ...spec, activation: 'linear' as const } } : layer,
  );
  return { ...plan, layers };
}

/** A unit as something to climb. */
class Hill {
  readonly #net: OpenNet;
  readonly #layer: PlannedLayer;
  readonly #unit: number;

  constructor(net: OpenNet, layer: PlannedLayer, unit: number) {
    this.#net = net;
    this.#layer = layer;
    this.#unit = unit;
  }

  /** Mean activation at a prepared input. */
  height(image: Float32Array): number {
    const { plan } = this.#net;
    return computeNumbers(() => this.#activation(plan, this.#tensor(image)))[0]!;
  }

  /** Its gradient there; that before the layer's own activation where a silent unit (relu at zero) has none. */
  slope(image: Float32Array): Float32Array {
    const { plan } = this.#net;
    const slope = this.#gradient(plan, image);
    if (slope.some((value) => value !== 0)) return slope;
    const bare = withoutActivation(plan, this.#layer);
    return bare === null ? slope : this.#gradient(bare, image);
  }

  #gradient(plan: ModelPlan, image: Float32Array): Float32Array {
    return tf.tidy(() =>
      tf
        .grad((x) => this.#activation(plan, x))(this.#tensor(image))
        .dataSync<'float32'>(),
    );
  }

  #activation(plan: ModelPlan, x: Tensor): Tensor {
    return meanActivation(plan, this.#net, this.#layer.index, this.#unit, x);
  }

  #tensor(image: Float32Array): Tensor {
    return tf.tensor(image, [1, ...this.#net.plan.inputShape], 'float32');
  }
}

function startImage(size: number, seed: number): Float32Array<ArrayBuffer> {
  const stream = openStream(seed, 'inspect', 'start');
  return Float32Array.from({ length: size }, () => NOISE * stream.nextNormal());
}

/** A shift of at most `jitter` pixels each way; none for a row of numbers, whose neighbours are no neighbours. */
function drawShift(stream: RandomStream, jitter: number, { height }: ImagePlane): readonly [number, number] {
  if (jitter === 0 || height === 1) return [0, 0];
  const draw = (): number => stream.nextInteger(2 * jitter + 1) - jitter;
  return [draw(), draw()];
}

/** One step up: the unit's slope at the shifted image, shifted back, less that of the penalties. */
function climb(
  hill: Hill,
  image: Float32Array,
  plane: ImagePlane,
  shift: readonly [number, number],
  { l2, totalVariation }: MaximisationOptions,
): Float32Array {
  const [down, right] = shift;
  const slope = hill.slope(rollImage(image, plane, [down, right]));
  const gradient = rollImage(slope, plane, [-down, -right]);
  addPenalties(gradient, image, plane, { l2, totalVariation });
  return gradient;
}

/**
 * An input that excites a unit (Erhan et al. 2009): from small seeded noise, steps of Adam (beta 0.9 and 0.999, epsilon
 * 1e-8) up the unit's mean activation - l2 sum x^2 - totalVariation sum |difference of neighbours|, the image shifted
 * (around the edges) by a new random offset at each step (Yosinski et al. 2015). A silent unit is woken by what its
 * activation is given. Rows of numbers have no neighbours and are not shifted.
 * @throws StudioError `not-found` for a layer or unit that is not there, `cancelled`, `not-a-number` where the ascent
 * leaves the finite numbers
 */
export async function maximiseUnit(
  net: OpenNet,
  { layer: name, unit, options }: MaximisationQuestion,
  work: LongWork,
): Promise<Maximisation> {
  const { plan } = net;
  const layer = layerNamed(plan, name);
  requireUnit(layer, unit);
  const plane = planeOf(plan.inputShape);
  const hill = new Hill(net, layer, unit);
  const raw = startImage(plane.height * plane.width * plane.channels, options.seed);
  const shifts = openStream(options.seed, 'inspect', 'jitter');
  const adam = new AdamAscent(raw.length, options.learningRate);
  const activationBefore = hill.height(raw);
  for (let step = 1; step <= options.steps; step++) {
    adam.step(raw, climb(hill, raw, plane, drawShift(shifts, options.jitter, plane), options));
    work.onProgress(step, options.steps);
    await nextTurn();
    if (work.isCancelled())
      throw new StudioError('cancelled', 'maximise: cancelled; ask again to start anew');
  }
  const activationAfter = hill.height(raw);
  requireFiniteAscent(raw, activationAfter);
  const shape = [plane.height, plane.width, plane.channels];
  return { layer: name, unit, shape, raw, enhanced: stretchContrast(raw), activationBefore, activationAfter };
}

function requireFiniteAscent(image: Float32Array, activation: number): void {
  if (Number.isFinite(activation) && image.every(Number.isFinite)) return;
  throw new StudioError(
    'not-a-number',
    'maximise: the ascent left the finite numbers; take a smaller learning rate, more regularisation or an earlier epoch',
  );
}
