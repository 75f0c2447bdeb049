/**
 * The import rules of docs/architecture.md ("Folders").
 * A numbered folder imports src/shared and smaller numbers only; shells see host and shared.
 */
const NUMBERED = [
  'data',
  'preprocess',
  'engine',
  'model',
  'metrics',
  'training',
  'inspect',
  'search',
  'store',
  'report',
];
const TRAINER_SEES = NUMBERED.slice(0, 6);
const INSPECTOR_SEES = NUMBERED.slice(0, 7);

/** A rule: files under `from` may import, of our own sources, only what is under `allowed`. */
function mayOnlyImport(name, from, allowed, comment) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: `^src/${from}/`, pathNot: '\\.test\\.ts$' },
    to: { path: '^src/', pathNot: [from, ...allowed].map((folder) => `^src/${folder}/`) },
  };
}

const main = (folders) => folders.map((folder) => `main/${folder}`);

const numberedRules = NUMBERED.map((folder, index) =>
  mayOnlyImport(
    `order-${folder}`,
    `main/${folder}`,
    ['shared', ...main(NUMBERED.slice(0, index))],
    `${folder} imports src/shared and the folders before it only.`,
  ),
);

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle has no bottom to start reading from.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'What the Svelte compiler adds is resolved by the bundler.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^svelte/internal/' },
    },
    {
      name: 'no-tests-in-the-program',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$|^test/|^scripts/' },
    },
    {
      name: 'electron-only-in-its-shell',
      severity: 'error',
      comment: 'Studio, trainer and everything below them are plain Node programs.',
      from: { path: '^src/', pathNot: '^src/(main/(index\\.ts|window/|host/)|preload/)' },
      to: { path: '(^|/)electron($|/)' },
    },
    mayOnlyImport('shared-stands-alone', 'shared', [], 'shared imports neither main nor renderer.'),
    mayOnlyImport('renderer-sees-shared', 'renderer', ['shared'], 'The renderer imports src/shared only.'),
    mayOnlyImport('preload-sees-shared', 'preload', ['shared'], 'The preload imports src/shared only.'),
    ...numberedRules,
    mayOnlyImport('host-sees-shared', 'main/host', ['shared'], 'host imports src/shared only.'),
    mayOnlyImport('trainer-sees-1-to-6', 'main/trainer', ['shared', ...main(['host', ...TRAINER_SEES])]),
    mayOnlyImport('searcher-sees-1-to-6', 'main/searcher', ['shared', ...main(['host', ...TRAINER_SEES])]),
    mayOnlyImport('importer-sees-1', 'main/importer', ['shared', ...main(['host', 'data'])]),
    mayOnlyImport('explorer-sees-1', 'main/explorer', ['shared', ...main(['host', 'data'])]),
    mayOnlyImport('inspector-sees-1-to-7', 'main/inspector', [
      'shared',
      ...main(['host', ...INSPECTOR_SEES]),
    ]),
    mayOnlyImport('studio-sees-no-shell', 'main/studio', ['shared', ...main(['host', ...NUMBERED])]),
    mayOnlyImport('window-is-a-shell', 'main/window', ['shared', 'main/host']),
    mayOnlyImport('server-is-a-shell', 'main/server', ['shared', 'main/host']),
    mayOnlyImport('cli-is-a-shell', 'main/cli', ['shared', ...main(['host', 'server'])]),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
