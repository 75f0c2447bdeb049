import type { ObjectiveSpec, SearchSpec } from '../../../shared/schema/search.ts';
import type { TrialSummary } from '../../../shared/schema/study.ts';
import type { TableSpec } from '../../../shared/schema/figure.ts';
import { objectivesOf, objectiveTitle } from '../../state/study-axes.ts';
import type { TrialSort } from '../../state/trial-order.ts';
import { choiceTexts, objectiveText, pointTexts } from '../../state/trial-text.ts';
import { formatCount, formatDuration, NOT_MEASURED } from '../../text/format.ts';

/** A column of the table of trials. */
export interface TrialColumn {
  readonly id: string;
  readonly label: string;
  readonly sort: TrialSort;
  readonly isNumber: boolean;
  readonly px: number;
  /** May a text be wider than that? Only then is it clipped: each clip costs the page some time in every frame. */
  readonly clips: boolean;
  /** Its text in a trial's row; "not measured" where there is none. */
  readonly textOf: (trial: TrialSummary) => string;
}

const PARAMETER_PX = 100;
/** So many of the widest letters fit into that. */
const FITTING_LETTERS = 8;

function objectiveColumn(objective: ObjectiveSpec, index: number): TrialColumn {
  return {
    id: `objective-${index}`,
    label: objectiveTitle(objective),
    sort: { by: 'objective', index },
    isNumber: true,
    px: index === 0 ? 150 : 110,
    clips: false,
    textOf: (trial) => objectiveText(trial, index, objective),
  };
}

/** How long a trial took, from its first net's start to its last one's end. */
export function trialDuration({ startedAtMs, endedAtMs }: TrialSummary): string {
  return startedAtMs === null || endedAtMs === null ? NOT_MEASURED : formatDuration(endedAtMs - startedAtMs);
}

/** The columns of a study's trials: what they came to, where they lie in the space, what they took. */
export function trialColumns(search: SearchSpec): TrialColumn[] {
  const parameters = search.parameters.map((parameter, index): TrialColumn => {
    const { name, kind } = parameter;
    const write = pointTexts(parameter);
    return {
      id: `parameter-${index}`,
      label: name,
      sort: { by: 'parameter', index },
      isNumber: kind !== 'choice',
      px: PARAMETER_PX,
      clips: kind === 'choice' && choiceTexts(parameter.values).some((text) => text.length > FITTING_LETTERS),
      textOf: ({ point }) => write(point[name]),
    };
  });
  const number = { isNumber: true, px: 80, clips: false } as const;
  return [
    {
      id: 'number',
      label: 'Trial',
      sort: { by: 'number' },
      ...number,
      px: 64,
      textOf: (trial) => String(trial.number),
    },
    {
      id: 'state',
      label: 'State',
      sort: { by: 'state' },
      isNumber: false,
      px: 96,
      clips: false,
      textOf: ({ state }) => state,
    },
    ...objectivesOf(search).map(objectiveColumn),
    ...parameters,
    {
      id: 'epochs',
      label: 'Epochs run',
      sort: { by: 'epochs' },
      ...number,
      textOf: ({ epochs }) => formatCount(epochs),
    },
    { id: 'duration', label: 'Time', sort: { by: 'duration' }, ...number, textOf: trialDuration },
  ];
}

/** The table of some trials, for a paper or a spreadsheet. */
export function trialsTable(
  title: string,
  columns: readonly TrialColumn[],
  trials: readonly TrialSummary[],
): TableSpec {
  return {
    title,
    runIds: [],
    columns: columns.map(({ label, isNumber }) => ({ title: label, align: isNumber ? 'right' : 'left' })),
    rows: trials.map((trial) =>
      columns.map(({ textOf }) => {
        const text = textOf(trial);
        return text === NOT_MEASURED ? null : text;
      }),
    ),
  };
}
