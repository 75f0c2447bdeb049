import { libraryDirectory } from '../library/layout.ts';
import { Binding } from './binding.ts';
import { bindCApi } from './c-api.ts';
import { loadTensorFlow } from './c-library.ts';
import { createContext, deleteContext } from './context.ts';

/** A binding with a context of its own, for tests; to be closed by {@link closeTestBinding}. */
export function openTestBinding(
  cacheDirectory: string,
  threadsPerOperation: number,
  operationsAtOnce: number,
): Binding {
  const api = bindCApi(loadTensorFlow(libraryDirectory(cacheDirectory)));
  return new Binding(api, createContext(api, { threadsPerOperation, operationsAtOnce, allowCuda: false }));
}

export function closeTestBinding(binding: Binding): void {
  binding.dispose();
  deleteContext(binding.api, binding.context);
}
