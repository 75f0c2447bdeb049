import { commonOptions } from './arguments.ts';
import type { Command, OptionSpec } from './command.ts';

/** Help of the whole program: one line per command. */
export function programHelp(commands: readonly Command[], version: string): string {
  const rows = commands.map(({ name, usage, summary }) => [`${name} ${usage}`.trim(), summary] as const);
  return [
    `Epoch Studio ${version}: train, follow and compare neural networks.`,
    '',
    'Usage: studio COMMAND [OPTIONS]',
    '',
    ...align(rows),
    '',
    'Each command explains itself with --help; with --json it prints one JSON document.',
  ].join('\n');
}

/** Help of one command: its usage and every option. */
export function commandHelp(command: Command): string {
  const own = Object.entries(command.options).map(optionRow);
  const common = Object.entries(commonOptions).map(optionRow);
  return [
    `Usage: studio ${command.name} ${command.usage}`.trimEnd(),
    '',
    `${command.summary}.`,
    '',
    ...align([...own, ...common]),
  ].join('\n');
}

function optionRow([name, option]: [string, OptionSpec]): readonly [string, string] {
  const { value, help, actions } = option;
  const left = value === undefined ? `--${name}` : `--${name} ${value}`;
  return [left, actions === undefined ? help : `${actions.join(', ')}: ${help}`];
}

function align(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
