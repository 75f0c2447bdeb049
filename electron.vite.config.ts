import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

/** The oldest Electron the window runs on: 22, which is Node 16.17 and Chromium 108. */
const OLDEST_NODE = 'node16.17';
const OLDEST_CHROMIUM = 'chrome108';

const mainEntries = {
  index: resolve('src/main/index.ts'),
  studio: resolve('src/main/studio/main.ts'),
  trainer: resolve('src/main/trainer/main.ts'),
  inspector: resolve('src/main/inspector/main.ts'),
  importer: resolve('src/main/importer/main.ts'),
  explorer: resolve('src/main/explorer/main.ts'),
  searcher: resolve('src/main/searcher/main.ts'),
  cli: resolve('src/main/cli/main.ts'),
};

const commonJs = {
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
} as const;

export default defineConfig({
  main: {
    build: {
      target: OLDEST_NODE,
      sourcemap: true,
      // Native and large packages stay in node_modules; zod is the only small one.
      externalizeDeps: { exclude: ['zod'] },
      rolldownOptions: { input: mainEntries, output: commonJs },
    },
  },
  preload: {
    build: {
      target: OLDEST_NODE,
      // A sandboxed preload can require nothing but electron, so everything is bundled into one file.
      externalizeDeps: false,
      rolldownOptions: { input: { index: resolve('src/preload/index.ts') }, output: commonJs },
    },
  },
  renderer: {
    root: 'src/renderer',
    base: './',
    plugins: [svelte({ configFile: resolve('svelte.config.js') })],
    build: {
      target: OLDEST_CHROMIUM,
      outDir: resolve('out/renderer'),
      minify: true,
      sourcemap: true,
      emptyOutDir: true,
      rolldownOptions: { input: { index: resolve('src/renderer/index.html') } },
    },
  },
});
