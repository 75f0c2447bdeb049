export { checkLibrary, type CheckedLibrary } from './check.ts';
export { importLibraryPack, installLibrary, type InstallOptions } from './install.ts';
export { libraryDirectory } from './layout.ts';
export { pinnedWheel, TENSORFLOW_VERSION, type PinnedWheel } from './pinned.ts';
export { libraryStatus } from './status.ts';
