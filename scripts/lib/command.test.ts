import { describe, expect, it } from 'vitest';
import { run } from './command.mjs';

const node = (code: string) => [process.execPath, ['-e', code]] as const;

describe('run', () => {
  it('gives the exit code and both outputs', async () => {
    const result = await run(...node('console.log("out"); console.error("err"); process.exit(3)'));
    expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('answers with 127 and the reason when the program does not exist', async () => {
    const result = await run('no-such-program-anywhere', []);
    expect(result.code).toBe(127);
    expect(result.stderr).toContain('ENOENT');
  });

  it('ends a program that takes too long', async () => {
    const startedMs = Date.now();
    const result = await run(...node('setInterval(() => {}, 1000)'), { timeoutMs: 200 });
    expect(result.code).toBeGreaterThanOrEqual(128);
    expect(Date.now() - startedMs).toBeLessThan(10_000);
  });
});
