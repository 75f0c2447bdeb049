import { contract, type StudioHandlers } from '../../shared/ipc/contract.ts';
import { findNet, netOf, placesOf } from './asked-net.ts';
import { answerName, digestOf, keepAnswer, type KeptAnswerSurroundings } from './kept-answers.ts';
import type { TaskBoard } from './task-board.ts';

/** The calls that look inside a stored net. */
export type InspectCalls = Pick<
  StudioHandlers,
  | 'inspect.filters'
  | 'inspect.featureMaps'
  | 'inspect.attribution'
  | 'inspect.maximise'
  | 'inspect.patches'
  | 'inspect.embedding'
>;

export interface InspectCallSurroundings extends KeptAnswerSurroundings {
  readonly tasks: TaskBoard;
}

const { result: filtersSchema } = contract['inspect.filters'];
const { result: mapsSchema } = contract['inspect.featureMaps'];
const { result: attributionSchema } = contract['inspect.attribution'];
const { result: maximisationSchema } = contract['inspect.maximise'];
const { result: patchesSchema } = contract['inspect.patches'];
const { result: embeddingSchema } = contract['inspect.embedding'];

/** Questions about a stored example are kept; those about numbers of the user's own never come again. */
function exampleCalls(
  surroundings: InspectCallSurroundings,
): Pick<InspectCalls, 'inspect.featureMaps' | 'inspect.attribution'> {
  const { inspectors } = surroundings;
  return {
    'inspect.featureMaps': ({ net, layer, input }) => {
      const asked = findNet(surroundings, net);
      const topic = net.runId;
      if (input.kind === 'values') {
        const about = { places: placesOf(surroundings), net: netOf(asked) };
        return inspectors.call('featureMaps', { ...about, layer, input }, topic);
      }
      const name = answerName('maps', asked.epoch, digestOf([layer, input]));
      return keepAnswer(surroundings, asked, name, mapsSchema, (about) =>
        inspectors.call('featureMaps', { ...about, layer, input }, topic),
      );
    },
    'inspect.attribution': ({ net, ...question }) => {
      const asked = findNet(surroundings, net);
      const topic = net.runId;
      if (question.input.kind === 'values') {
        const about = { places: placesOf(surroundings), net: netOf(asked) };
        return inspectors.call('attribution', { ...about, ...question }, topic);
      }
      const { input, method, classIndex, head, layer } = question;
      const name = answerName(method, asked.epoch, digestOf([input, classIndex, head, layer]));
      return keepAnswer(surroundings, asked, name, attributionSchema, (about) =>
        inspectors.call('attribution', { ...about, ...question }, topic),
      );
    },
  };
}

/** Does long work of an inspector under its name, which tells its progress and by which it is cancelled; null for none. */
function watched<T>(
  { inspectors, tasks }: InspectCallSurroundings,
  task: string | null,
  work: (signal: AbortSignal | null) => Promise<T>,
): Promise<T> {
  if (task === null) return work(null);
  return tasks.run(task, async ({ signal, progress }) => {
    signal.addEventListener('abort', () => inspectors.cancel(task));
    const stop = inspectors.onProgress((told) => {
      if (told.task === task) progress(told.done, told.total, told.unit);
    });
    return work(signal).finally(stop);
  });
}

/** Questions about a unit, over many examples or many steps. */
function unitCalls(
  surroundings: InspectCallSurroundings,
): Pick<InspectCalls, 'inspect.maximise' | 'inspect.patches'> {
  const { inspectors } = surroundings;
  return {
    'inspect.maximise': ({ net, task, ...question }) => {
      const asked = findNet(surroundings, net);
      const { layer, unit, options } = question;
      const { steps, learningRate, l2, totalVariation, jitter, seed } = options;
      const parameters = [layer, unit, steps, learningRate, l2, totalVariation, jitter, seed];
      const name = answerName('maximised', asked.epoch, digestOf(parameters));
      return watched(surroundings, task, (signal) =>
        keepAnswer(surroundings, asked, name, maximisationSchema, (about, topic) => {
          signal?.throwIfAborted();
          return inspectors.call('maximise', { ...about, ...question, task }, topic);
        }),
      );
    },
    'inspect.patches': ({ net, ...question }) => {
      const asked = findNet(surroundings, net);
      const { layer, unit, split, count } = question;
      const name = answerName('patches', asked.epoch, digestOf([layer, unit, split, count]));
      return keepAnswer(surroundings, asked, name, patchesSchema, (about, topic) =>
        inspectors.call('patches', { ...about, ...question }, topic),
      );
    },
  };
}

/** The handlers; answers about finished epochs are computed once and kept with the run. */
export function createInspectCalls(surroundings: InspectCallSurroundings): InspectCalls {
  const { inspectors } = surroundings;
  return {
    ...exampleCalls(surroundings),
    ...unitCalls(surroundings),
    'inspect.filters': ({ net, layer }) => {
      const asked = findNet(surroundings, net);
      const name = answerName('filters', asked.epoch, digestOf([layer]));
      return keepAnswer(surroundings, asked, name, filtersSchema, (about, topic) =>
        inspectors.call('filters', { ...about, layer }, topic),
      );
    },
    'inspect.embedding': ({ net, split, layer }) => {
      const asked = findNet(surroundings, net);
      const name = answerName('embedding', asked.epoch, digestOf([split, layer]));
      return keepAnswer(surroundings, asked, name, embeddingSchema, (about, topic) =>
        inspectors.call('embedding', { ...about, split, layer }, topic),
      );
    },
  };
}
