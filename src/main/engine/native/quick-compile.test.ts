import { describe, expect, it } from 'vitest';
import { compileQuickly } from './quick-compile.ts';

describe('quick compiling', () => {
  it('is asked for beside what the user asks of XLA', () => {
    const environment: NodeJS.ProcessEnv = { XLA_FLAGS: '--xla_dump_to=/tmp/dump' };
    compileQuickly(environment);
    expect(environment.XLA_FLAGS).toMatch(/^--xla_dump_to=\/tmp\/dump --xla_cpu_use_fusion_emitters=false /);
    const empty: NodeJS.ProcessEnv = {};
    compileQuickly(empty);
    expect(empty.XLA_FLAGS).toMatch(/^--xla_cpu_use_fusion_emitters=false /);
  });
});
