import { models, type Amount, type Contestant, type Measurement, type ModelName } from './contestants.ts';
import type { Turns, Unqualified } from './results.ts';
import { ContestantError } from './run-program.ts';

type Tell = (text: string) => void;

/** How much is done in the qualifying round and in the others, for each model. */
export interface Amounts {
  readonly qualifying: Readonly<Record<ModelName, Amount>>;
  readonly round: Readonly<Record<ModelName, Amount>>;
}

const WHOLE_EPOCH = 60_000;

/** Whole epochs in the rounds, some hundred steps to qualify; `quick` takes some fifty steps everywhere. */
export function chooseAmounts(quick: boolean): Amounts {
  const some = (images: number): Amount => ({ seconds: 0, images, timeoutMs: 120_000 });
  const whole = (seconds: number): Amount => ({ seconds, images: WHOLE_EPOCH, timeoutMs: 300_000 });
  if (quick)
    return {
      qualifying: { mlp: some(3_232), cnn: some(1_312) },
      round: { mlp: some(3_232), cnn: some(1_312) },
    };
  return { qualifying: { mlp: whole(1), cnn: some(6_432) }, round: { mlp: whole(5), cnn: whole(5) } };
}

/** Measures once; a contestant without an answer is told and counts as null. */
async function attempt(
  contestant: Contestant,
  model: ModelName,
  amount: Amount,
  tell: Tell,
): Promise<Measurement | null> {
  const label = `${model.toUpperCase()} ${contestant.name} (${contestant.variant})`;
  try {
    const measured = await contestant.measure(model, amount);
    tell(`  ${label}: ${Math.round(measured.imagesPerSecond).toLocaleString('en-GB')} images/s`);
    return measured;
  } catch (error) {
    if (!(error instanceof ContestantError)) throw error;
    tell(`  ${label}: no answer: ${error.message}`);
    return null;
  }
}

/** A variant below this share of its peer's fastest is not worth whole epochs. */
const QUALIFYING_SHARE = 0.9;

/** Who takes part in the rounds of a model, and who does not and why. */
export interface Qualified {
  readonly model: ModelName;
  readonly contestants: readonly Contestant[];
  readonly unqualified: readonly Unqualified[];
}

/** Runs every variant of every peer that has several for a short time and keeps the fast ones. */
export async function qualify(
  model: ModelName,
  peers: readonly Contestant[],
  amount: Amount,
  tell: Tell,
): Promise<Qualified> {
  const contestants: Contestant[] = [];
  const unqualified: Unqualified[] = [];
  for (const name of new Set(peers.map((peer) => peer.name))) {
    const variants = peers.filter((peer) => peer.name === name);
    if (variants.length === 1) {
      contestants.push(...variants);
      continue;
    }
    const measured: { variant: Contestant; speed: number | null }[] = [];
    for (const variant of variants) {
      const answer = await attempt(variant, model, amount, tell);
      measured.push({ variant, speed: answer?.imagesPerSecond ?? null });
    }
    const fastest = Math.max(...measured.map(({ speed }) => speed ?? 0));
    for (const { variant, speed } of measured) {
      if (speed !== null && speed >= QUALIFYING_SHARE * fastest) contestants.push(variant);
      else unqualified.push(leaveOut(name, variant, model, speed, fastest));
    }
  }
  return { model, contestants, unqualified };
}

function leaveOut(
  name: Contestant['name'],
  { variant }: Contestant,
  model: ModelName,
  speed: number | null,
  fastest: number,
): Unqualified {
  const reason =
    speed === null
      ? 'no answer in the qualifying round'
      : `${(speed / fastest).toFixed(2)} of its fastest variant`;
  return { name, variant, model, imagesPerSecond: speed, reason };
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Runs the rounds: every contestant of every model once in each, one at a time, in rotating order. */
export async function runRounds(
  rounds: number,
  qualified: readonly Qualified[],
  studio: Contestant,
  amounts: Amounts['round'],
  tell: Tell,
): Promise<Turns[]> {
  const turns = qualified.flatMap(({ model, contestants }) =>
    [studio, ...contestants].map((contestant) => ({
      contestant,
      model,
      measurements: [] as (Measurement | null)[],
    })),
  );
  for (let round = 0; round < rounds; round++) {
    for (const model of models) {
      tell(`Round ${round + 1} of ${rounds}, ${model.toUpperCase()}`);
      const field = turns.filter((turn) => turn.model === model);
      for (const { contestant, measurements } of rotate(field, round)) {
        measurements.push(await attempt(contestant, model, amounts[model], tell));
      }
    }
  }
  return turns.map(({ contestant: { name, variant }, model, measurements }) => ({
    name,
    variant,
    model,
    measurements,
  }));
}
