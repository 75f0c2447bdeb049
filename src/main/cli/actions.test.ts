import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/ipc/errors.ts';
import { createFakeStudio } from '../../../test/contract/fixtures/fake-studio.ts';
import { createFakeTerminal } from '../../../test/contract/fixtures/fake-terminal.ts';
import { actionCommand, type ActionCommand } from './actions.ts';
import type { CommandInput } from './command.ts';
import { commandHelp } from './help.ts';

const terminal = createFakeTerminal(createFakeStudio({}));

const saying = (usage: string, said: string[], word: string) => ({
  usage,
  run: (_: CommandInput, __: unknown, subjects: readonly string[]) => {
    said.push([word, ...subjects].join(' '));
    return Promise.resolve(0);
  },
});

/** A command with an action of every kind, and what its actions were asked. */
function kennel(more: Partial<ActionCommand> = {}) {
  const said: string[] = [];
  const command = actionCommand({
    name: 'dogs',
    summary: 'keep dogs',
    options: {
      loud: { type: 'boolean', help: 'with barking', actions: ['walk', 'name'] },
      json: { type: 'boolean', help: 'everywhere' },
    },
    actions: {
      list: saying('', said, 'list'),
      walk: saying('DOG...', said, 'walk'),
      name: saying('DOG [NAME]', said, 'name'),
    },
    ...more,
  });
  const values = { loud: undefined };
  const call = async (positionals: readonly string[], options: CommandInput['values'] = values) => {
    await command.run({ values: options, positionals, json: false, dataDirectory: null }, terminal);
    return said.at(-1);
  };
  return { command, call, said };
}

async function refusal(call: () => Promise<unknown>): Promise<string> {
  const error: unknown = await call().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StudioError);
  return (error as StudioError).message;
}

describe('a command of several actions', () => {
  it('does what its first word says, with the words after it', async () => {
    const { call } = kennel();
    expect(await call(['walk', 'rex', 'fido'])).toBe('walk rex fido');
    expect(await call(['name', 'rex'])).toBe('name rex');
    expect(await call(['list'])).toBe('list');
  });

  it('takes as many words as the usage names, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('list', 'walk', 'name'), fc.array(fc.string()), async (word, rest) => {
        const { call, said } = kennel();
        const fits = { list: rest.length === 0, walk: rest.length > 0, name: [1, 2].includes(rest.length) };
        const asked = call([word, ...rest]);
        if (fits[word]) expect(await asked).toBe([word, ...rest].join(' '));
        else expect(await refusal(() => asked)).toMatch(/^dogs: found ".*expected "(list|walk|name)/s);
        expect(said).toHaveLength(fits[word] ? 1 : 0);
      }),
    );
  });

  it('lists what it can do where it does not know the word', async () => {
    const { call } = kennel();
    for (const word of ['sell', 'toString', '__proto__']) {
      expect(await refusal(() => call([word]))).toBe(
        `dogs: found "${word}", expected "list", "walk DOG...", "name DOG [NAME]"; see "dogs --help"`,
      );
    }
  });

  it('refuses an option that the action would pass over', async () => {
    const { call, said } = kennel();
    expect(await refusal(() => call(['list'], { loud: true }))).toBe(
      '--loud: found with "dogs list", expected with "dogs walk" or "dogs name"; leave it out',
    );
    expect(said).toEqual([]);
    expect(await call(['walk', 'rex'], { loud: true, json: true })).toBe('walk rex');
  });

  it('does the first of its actions without a word, where one is named', async () => {
    const { call, command } = kennel({ first: 'list' });
    expect(await call([])).toBe('list');
    expect(command.positionals.min).toBe(0);
    expect(command.usage).toBe('[list] | walk DOG... | name DOG [NAME]');
  });

  it('takes another first word for a subject, where it may be one', async () => {
    const others: string[] = [];
    const { call, command } = kennel({ otherwise: saying('BREED', others, 'breed') });
    await call(['collie']);
    expect(others).toEqual(['breed collie']);
    expect(command.usage).toBe('BREED | list | walk DOG... | name DOG [NAME]');
    expect(await refusal(() => call(['collie', 'two']))).toMatch(/found "collie two", expected "BREED"/);
    expect(await refusal(() => call(['collie'], { loud: true }))).toContain('found with "dogs BREED"');
  });

  it('says in its help which actions take an option', () => {
    expect(commandHelp(kennel().command)).toMatch(/--loud +walk, name: with barking/);
  });
});
