import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** What tsconfig.json knows, and the rest: configuration and the loader that runs inside Electron. */
const TYPED = ['src/**/*.{ts,svelte}', 'test/**/*.ts', '{scripts,bench}/**/*.{mjs,ts}'];
const UNTYPED = ['*.{js,mjs,cjs,ts}', '**/*.cjs'];
const TESTS = ['**/*.test.ts', '**/*-contract.ts', '**/*-test-kit.ts', 'test/**/*.ts'];

/** House rules that no preset states. */
const houseRules = {
  eqeqeq: 'error',
  'no-console': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'max-lines': ['error', { max: 450 }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'ExportDefaultDeclaration',
      message: 'Export by name: one name for one thing in every file.',
    },
  ],
};

const typescriptRules = {
  '@typescript-eslint/naming-convention': [
    'error',
    { selector: 'typeLike', format: ['PascalCase'] },
    { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: false } },
  ],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  // Allowed right after an index whose bound the loop guarantees (noUncheckedIndexedAccess).
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  // State and batches are records by name; brackets show that a name is data.
  '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
  // An engine or store may answer an asynchronous interface at once.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/no-empty-function': ['error', { allow: ['methods'] }],
  // Typed readers of rows and C functions name the result once, at the call.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  // Type literals read better than `type` in mapped contracts, and the reverse elsewhere.
  '@typescript-eslint/consistent-type-definitions': 'off',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
};

const svelteRules = {
  'prefer-const': 'off',
  // `let { name } = $props()` is how Svelte declares what a parent may change.
  'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived'] }],
  // State holds sets and maps that are replaced whole, or counted by a revision: cheaper than one signal per element.
  'svelte/prefer-svelte-reactivity': 'off',
  // `void value;` in an effect says that it depends on the value.
  '@typescript-eslint/no-meaningless-void-operator': 'off',
};

const testRules = {
  'max-lines-per-function': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-empty-function': 'off',
  '@typescript-eslint/unbound-method': 'off',
};

export default defineConfig(
  { ignores: ['node_modules/', 'out/', 'coverage/', 'test-results/', '.stamps/'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { ...houseRules, ...typescriptRules },
  },
  {
    files: TYPED,
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] } },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: svelteRules,
  },
  { files: TESTS, rules: testRules },
  {
    files: ['src/main/cli/**/*.ts', '{scripts,bench}/**/*.{mjs,ts}', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: UNTYPED, extends: [ts.configs.disableTypeChecked] },
  { files: ['*.{js,mjs,cjs,ts}'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
