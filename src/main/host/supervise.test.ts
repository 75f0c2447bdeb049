import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '../../shared/ipc/client.ts';
import { echoContract } from '../../../test/contract/fixtures/echo-contract.ts';
import { createNodeHost } from './node-host.ts';
import { projectRoot } from './paths.ts';
import {
  superviseStudio,
  type StudioState,
  type SuperviseOptions,
  type SupervisedStudio,
} from './supervise.ts';

const program = join(projectRoot(), 'test', 'contract', 'fixtures', 'echo-program.ts');
const host = createNodeHost({
  programs: {
    studio: program,
    trainer: program,
    inspector: program,
    importer: program,
    explorer: program,
    searcher: program,
  },
});
let studio: SupervisedStudio | null = null;

function supervise(options: SuperviseOptions = {}) {
  const states: StudioState[] = [];
  const supervised = superviseStudio(host, {
    backoffMs: 10,
    ...options,
    onState: (state) => states.push(state),
  });
  studio = supervised;
  return { states, supervised, client: createClient(echoContract, supervised) };
}

afterEach(async () => {
  await studio?.stop();
  studio = null;
});

describe('a supervised studio process', () => {
  it('is started again after a kill: calls under way are lost, later ones answered by the next process', async () => {
    const { client, supervised, states } = supervise();
    const firstPid = await client.invoke('pid', {});
    expect(firstPid).toBe(supervised.pid);
    const hanging = client.invoke('hang', {});
    process.kill(firstPid, 'SIGKILL');
    await expect(hanging).rejects.toMatchObject({ code: 'process-lost' });
    const secondPid = await client.invoke('pid', {});
    expect(secondPid).not.toBe(firstPid);
    expect(states).toEqual(['ready', 'restarting', 'starting', 'ready']);
  });

  it('keeps its subscriptions over a restart and says that lists are out of date', async () => {
    const { client, supervised } = supervise();
    const heard: number[] = [];
    const names: string[] = [];
    client.subscribe('ticked', ({ count }) => heard.push(count));
    supervised.subscribeAll((name) => names.push(name));
    await client.invoke('tick', { count: 1 });
    await client.invoke('crash', { code: 1 }).catch(() => undefined);
    await client.invoke('tick', { count: 2 });
    expect(heard).toEqual([1, 1, 2]);
    expect(names).toEqual(['ticked', 'runs.invalidated', 'ticked', 'ticked']);
  });

  it('is given up when it ends right after every start', async () => {
    const { client, states } = supervise({ maxQuickEnds: 3, environment: { ECHO_DIES_AT_START: '1' } });
    await expect(client.invoke('pid', {})).rejects.toMatchObject({ code: 'process-lost' });
    while (states.at(-1) !== 'lost') await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(client.invoke('pid', {})).rejects.toMatchObject({ code: 'process-lost' });
    expect(states.filter((state) => state === 'starting')).toHaveLength(2);
  });

  it('ends politely on stop and stays ended', async () => {
    const { client, supervised, states } = supervise();
    await client.invoke('pid', {});
    await supervised.stop();
    expect(supervised.pid).toBeNull();
    expect(states.at(-1)).toBe('stopped');
    await expect(client.invoke('pid', {})).rejects.toMatchObject({ code: 'process-lost' });
  });
});
