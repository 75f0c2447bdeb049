import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { SearchEstimate } from '../../../shared/schema/study.ts';
import { netsPerTrial } from '../../search/members.ts';
import { createSampler } from '../../search/samplers/index.ts';
import { countPoints } from '../../search/space.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireSearch } from './study-supervisor.ts';

/**
 * What a search comes to: its points and nets, and the time that nets of the same search took here before.
 * @param available examples that are not of the test part
 * @throws StudioError `invalid-input` for no search, or a space that does not suit its sampler
 */
export function estimateSearch(
  experiment: Experiment,
  available: number,
  { studies }: Pick<OpenStore, 'studies'>,
): SearchEstimate {
  const search = requireSearch(experiment.search, experiment.name);
  const trials = createSampler(search, 0).trialCount ?? 1;
  const nets = trials * netsPerTrial(search, available);
  const before = studies.listStudies(false).find(({ name, dataset, netsDone, durationMs }) => {
    return name === experiment.name && dataset === experiment.data.dataset && netsDone > 0 && durationMs > 0;
  });
  const perNetMs = before === undefined ? null : before.durationMs / before.netsDone;
  return {
    points: countPoints(search.parameters),
    trials,
    nets,
    seconds: perNetMs === null ? null : (nets * perNetMs) / 1_000,
  };
}
