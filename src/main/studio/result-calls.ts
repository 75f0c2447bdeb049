import { contract, type StudioHandlers } from '../../shared/ipc/contract.ts';
import { findNet, placesOf } from './asked-net.ts';
import { answerName, keepAnswer, type KeptAnswerSurroundings } from './kept-answers.ts';

/** The calls that inspector processes answer: what stored nets do, and what a net to come is fed. */
export type ResultCalls = Pick<
  StudioHandlers,
  'results.get' | 'results.field' | 'results.histograms' | 'experiments.previewBatch'
>;

const { result: fieldSchema } = contract['results.field'];
const { result: resultsSchema } = contract['results.get'];
const { result: histogramsSchema } = contract['results.histograms'];

/** The handlers; results of finished epochs are computed once and kept with the run. */
export function createResultCalls(surroundings: KeptAnswerSurroundings): ResultCalls {
  const { inspectors } = surroundings;
  return {
    'results.get': ({ split, ...params }) => {
      const asked = findNet(surroundings, params);
      const { runId } = params;
      const { epoch } = asked;
      const name = answerName('results', epoch, split);
      return keepAnswer(surroundings, asked, name, resultsSchema, async (about, topic) => {
        const heads = await inspectors.call('results', { ...about, split }, topic);
        return { runId, epoch, split, heads };
      });
    },
    'results.field': ({ side, ...params }) => {
      const asked = findNet(surroundings, params);
      const name = answerName('field', asked.epoch, side);
      return keepAnswer(surroundings, asked, name, fieldSchema, (about, topic) =>
        inspectors.call('field', { ...about, side }, topic),
      );
    },
    'results.histograms': ({ split, ...params }) => {
      const asked = findNet(surroundings, params);
      const name = answerName('histograms', asked.epoch, split);
      return keepAnswer(surroundings, asked, name, histogramsSchema, (about, topic) =>
        inspectors.call('histograms', { ...about, split }, topic),
      );
    },
    'experiments.previewBatch': (params) =>
      inspectors.call(
        'previewBatch',
        { places: placesOf(surroundings), ...params },
        `preview of ${params.experiment.data.dataset}`,
      ),
  };
}
