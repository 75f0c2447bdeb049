import { StudioError } from '../../shared/ipc/errors.ts';
import type { Command, CommandInput, Terminal } from './command.ts';

/** One of the things that a command does. */
export interface Action {
  /**
   * The words after the action's own, e.g. "ID [TRIAL]": brackets for one that may be left out, "ID..." for one or
   * more. No others are taken.
   */
  readonly usage: string;
  /** @param subjects the words that `usage` names. Returns the exit code. @throws StudioError, which is printed */
  run(input: CommandInput, terminal: Terminal, subjects: readonly string[]): Promise<number>;
}

/** A command whose first word says what it does. */
export interface ActionCommand extends Pick<Command, 'name' | 'summary' | 'options'> {
  readonly actions: Readonly<Record<string, Action>>;
  /** What is done where there is no word at all: one of the actions. */
  readonly first?: string;
  /** What is done where the first word names no action, which is then a subject. */
  readonly otherwise?: Action;
}

interface Chosen {
  /** As options name it. */
  readonly name: string;
  /** From the first word on. */
  readonly usage: string;
  readonly action: Action;
  readonly subjects: readonly string[];
}

/** Makes a command of its actions: chooses by the first word, and takes no word or option that it would pass over. */
export function actionCommand(parts: ActionCommand): Command {
  const { name, summary, options, first } = parts;
  return {
    ...{ name, summary, options },
    usage: usagesOf(parts).join(' | '),
    positionals: { min: first === undefined ? 1 : 0, max: Number.POSITIVE_INFINITY },
    run(input, terminal) {
      const chosen = choose(parts, input.positionals);
      if (chosen === null) throw wordsError(parts, input.positionals, usagesOf(parts));
      if (!fits(chosen)) throw wordsError(parts, input.positionals, [chosen.usage]);
      refuseOthersOptions(parts, input, chosen.name);
      return chosen.action.run(input, terminal, chosen.subjects);
    },
  };
}

function usagesOf({ actions, first, otherwise }: ActionCommand): string[] {
  const named = Object.entries(actions).map(([word, { usage }]) =>
    `${word === first ? `[${word}]` : word} ${usage}`.trim(),
  );
  return otherwise === undefined ? named : [otherwise.usage, ...named];
}

function choose({ actions, first, otherwise }: ActionCommand, words: readonly string[]): Chosen | null {
  const [word = first, ...subjects] = words;
  if (word !== undefined && Object.hasOwn(actions, word)) {
    const action = actions[word]!;
    return { name: word, usage: `${word} ${action.usage}`.trim(), action, subjects };
  }
  if (otherwise === undefined) return null;
  const { usage } = otherwise;
  return { name: usage, usage, action: otherwise, subjects: words };
}

/** Are the subjects as many as the usage names? */
function fits({ action, subjects }: Chosen): boolean {
  const words = action.usage === '' ? [] : action.usage.split(' ');
  const least = words.filter((word) => !word.startsWith('[')).length;
  const most = words.some((word) => word.endsWith('...')) ? Number.POSITIVE_INFINITY : words.length;
  return subjects.length >= least && subjects.length <= most;
}

function wordsError(
  { name }: ActionCommand,
  words: readonly string[],
  expected: readonly string[],
): StudioError {
  const list = expected.map((usage) => `"${usage}"`).join(', ');
  return new StudioError(
    'invalid-input',
    `${name}: found "${words.join(' ')}", expected ${list}; see "${name} --help"`,
  );
}

/** @throws StudioError `invalid-input` for an option that belongs to another action, which nobody would look at */
function refuseOthersOptions(
  { name, options }: ActionCommand,
  { values }: CommandInput,
  action: string,
): void {
  for (const [option, { actions }] of Object.entries(options)) {
    if (values[option] === undefined || actions === undefined || actions.includes(action)) continue;
    const expected = actions.map((other) => `"${name} ${other}"`).join(' or ');
    throw new StudioError(
      'invalid-input',
      `--${option}: found with "${name} ${action}", expected with ${expected}; leave it out`,
    );
  }
}
