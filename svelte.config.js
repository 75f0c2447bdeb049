/** Erasable TypeScript is read by Svelte itself, so no preprocessor is needed. */
export default {
  compilerOptions: { runes: true },
};
