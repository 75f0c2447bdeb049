import { parseArgs } from 'node:util';
import { StudioError } from '../../shared/ipc/errors.ts';
import { runId, type RunId } from '../../shared/schema/run.ts';
import { studyId, type StudyId } from '../../shared/schema/study.ts';
import type { Command, CommandInput, OptionSpec } from './command.ts';

/** Options every command takes. */
export const commonOptions: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', help: 'print one JSON document on standard output' },
  data: {
    type: 'string',
    value: 'DIR',
    help: 'folder of the history (default: $EPOCH_STUDIO_HOME or the user folder)',
  },
  help: { type: 'boolean', help: 'show this help' },
};

/**
 * Parses what follows a command's name.
 * @throws StudioError `invalid-input` for unknown options, missing values and a wrong number of arguments
 */
export function parseInput(command: Command, words: readonly string[]): CommandInput {
  const { values, positionals } = parseWords(command, words);
  const { min, max } = command.positionals;
  if (values.help !== true && (positionals.length < min || positionals.length > max)) {
    throw usageError(command, `found ${positionals.length} arguments`);
  }
  const dataDirectory = typeof values.data === 'string' ? values.data : null;
  return { values, positionals, json: values.json === true, dataDirectory };
}

interface Words {
  values: Record<string, string | boolean | undefined>;
  positionals: string[];
}

function parseWords(command: Command, words: readonly string[]): Words {
  const options = { ...commonOptions, ...command.options };
  const types = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
  try {
    return parseArgs({ args: [...words], options: types, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split(/\.\s/)[0] ?? '') : String(cause);
    throw usageError(command, `found ${message.charAt(0).toLowerCase()}${message.slice(1)}`, cause);
  }
}

function usageError(command: Command, found: string, cause?: unknown): StudioError {
  return new StudioError(
    'invalid-input',
    `${command.name}: ${found}, expected "${command.name} ${command.usage}"; see "${command.name} --help"`,
    {},
    { cause },
  );
}

/** A whole number given to an option, or null when the option is absent. */
export function integerOption(
  input: CommandInput,
  name: string,
  range: { readonly min: number; readonly max: number },
): number | null {
  const text = input.values[name];
  return typeof text === 'string' ? integerArgument(text, `--${name}`, range) : null;
}

/**
 * A whole number given as an argument.
 * @param name what it is, for the error
 * @throws StudioError `invalid-input` for any other word
 */
export function integerArgument(
  word: string,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = /^\d+$/.test(word) ? Number(word) : NaN;
  if (value >= min && value <= max) return value;
  throw new StudioError(
    'invalid-input',
    `${name}: found "${word}", expected a whole number from ${min} to ${max}`,
  );
}

/** One of a few words given to an option, or null when the option is absent. */
export function choiceOption<const C extends string>(
  input: CommandInput,
  name: string,
  choices: readonly C[],
): C | null {
  const text = input.values[name];
  if (typeof text !== 'string') return null;
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw new StudioError('invalid-input', `--${name}: found "${text}", expected ${choices.join(', ')}`);
}

/**
 * A run's id given as an argument.
 * @throws StudioError `invalid-input` for a word no id looks like
 */
export function runIdArgument(word: string | undefined): RunId {
  const parsed = runId.safeParse(word);
  if (parsed.success) return parsed.data;
  throw new StudioError('invalid-input', `found "${word ?? ''}", expected a run's id as "runs" lists them`);
}

/**
 * A study's id given as an argument.
 * @throws StudioError `invalid-input` for a word no id looks like
 */
export function studyIdArgument(word: string | undefined): StudyId {
  const parsed = studyId.safeParse(word);
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'invalid-input',
    `found "${word ?? ''}", expected a study's id as "search list" lists them`,
  );
}

/** The text given to an option, or null when the option is absent. */
export function textOption(input: CommandInput, name: string): string | null {
  const text = input.values[name];
  return typeof text === 'string' ? text : null;
}
