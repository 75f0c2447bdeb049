import koffi from 'koffi';
import { libraryDirectory } from '../../src/main/engine/library/layout.ts';
import { loadTensorFlow, type Pointer } from '../../src/main/engine/native/c-library.ts';
import { cacheDirectory } from '../../src/main/host/paths.ts';

const FLOAT = 1;

/** `TF_Output` as two numbers, so that arrays of it can be passed: the operation's address, its output's index. */
function outputs(operations: readonly Pointer[]): BigUint64Array {
  return BigUint64Array.from(operations.flatMap((operation) => [operation, 0n]));
}

/** TensorFlow's own loader and session (tensorflow/c/c_api.h). */
function bindLoader() {
  const library = loadTensorFlow(libraryDirectory(cacheDirectory()));
  const bind = (prototype: string) => library.bind<(...values: unknown[]) => never>(prototype);
  return {
    status: bind('void* TF_NewStatus()'),
    code: bind('int TF_GetCode(void*)'),
    message: bind('const char* TF_Message(void*)'),
    options: bind('void* TF_NewSessionOptions()'),
    graph: bind('void* TF_NewGraph()'),
    load: bind(
      'void* TF_LoadSessionFromSavedModel(void*, void*, const char*, const char**, int, void*, void*, void*)',
    ),
    operation: bind('void* TF_GraphOperationByName(void*, const char*)'),
    allocate: bind('void* TF_AllocateTensor(int, const int64_t*, int, size_t)'),
    data: bind('void* TF_TensorData(void*)'),
    sizeBytes: bind('size_t TF_TensorByteSize(void*)'),
    run: bind(
      'void TF_SessionRun(void*, void*, const void*, const void*, int, const void*, void*, int, void*, int, void*, void*)',
    ),
  };
}

/**
 * Loads a SavedModel's "serve" graph with TensorFlow's own loader and runs it once.
 * @returns each named output's numbers, flat
 */
export function loadSavedModel(
  folder: string,
  values: Float32Array,
  shape: readonly number[],
  names: readonly string[],
): number[][] {
  const api = bindLoader();
  const status = api.status();
  const check = (): void => {
    if (api.code(status) !== 0) throw new Error(`TensorFlow: ${String(api.message(status))}`);
  };
  const graph = api.graph();
  const session = api.load(api.options(), null, folder, ['serve'], 1, graph, null, status);
  check();
  const find = (name: string): Pointer => {
    const operation = api.operation(graph, name) as Pointer | null;
    if (operation === null) throw new Error(`TensorFlow: the SavedModel has no operation ${name}`);
    return operation;
  };
  const input = api.allocate(FLOAT, BigInt64Array.from(shape.map(BigInt)), shape.length, values.byteLength);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  new Uint8Array(koffi.view(api.data(input), values.byteLength)).set(bytes);
  const results = new BigUint64Array(names.length);
  api.run(
    session,
    null,
    outputs([find('input')]),
    BigUint64Array.of(BigInt(input)),
    1,
    outputs(names.map((name) => find(`outputs/${name}`))),
    results,
    names.length,
    null,
    0,
    null,
    status,
  );
  check();
  return [...results].map((tensor) => {
    const size = Number(api.sizeBytes(tensor));
    return [...new Float32Array(koffi.view(api.data(tensor), size).slice(0, size))];
  });
}
