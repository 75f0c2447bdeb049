import { declareStructures, type AsyncCapable, type CLibrary, type Pointer } from './c-library.ts';

/** TensorFlow's `TF_Output`: one output of one operation of a graph. */
export interface GraphOutput {
  readonly oper: Pointer;
  readonly index: number;
}

type Void = (...pointers: Pointer[]) => void;
type Make = (...pointers: Pointer[]) => Pointer;

/** The part of TensorFlow's C API that the engine uses (tensorflow/c/c_api.h and c/eager/c_api.h). */
export interface CApi {
  readonly status: ReturnType<typeof bindStatus>;
  readonly tensor: ReturnType<typeof bindTensor>;
  readonly context: ReturnType<typeof bindContext>;
  readonly op: ReturnType<typeof bindOp>;
  readonly graph: ReturnType<typeof bindGraph>;
  readonly version: () => string;
}

function bindStatus(library: CLibrary) {
  return {
    create: library.bind<Make>('void* TF_NewStatus()'),
    delete: library.bind<Void>('void TF_DeleteStatus(void*)'),
    code: library.bind<(status: Pointer) => number>('int TF_GetCode(void*)'),
    message: library.bind<(status: Pointer) => string>('const char* TF_Message(void*)'),
  };
}

function bindTensor(library: CLibrary) {
  return {
    allocate: library.bind<
      (dtype: number, dims: BigInt64Array, rank: number, sizeBytes: number) => Pointer | null
    >('void* TF_AllocateTensor(int, const int64_t*, int, size_t)'),
    data: library.bind<Make>('void* TF_TensorData(void*)'),
    sizeBytes: library.bind<(tensor: Pointer) => number | bigint>('size_t TF_TensorByteSize(void*)'),
    delete: library.bind<Void>('void TF_DeleteTensor(void*)'),
    toHandle: library.bind<Make>('void* TFE_NewTensorHandle(void*, void*)'),
    resolve: library.bind<Make>('void* TFE_TensorHandleResolve(void*, void*)'),
    deleteHandle: library.bind<Void>('void TFE_DeleteTensorHandle(void*)'),
    dtype: library.bind<(handle: Pointer) => number>('int TFE_TensorHandleDataType(void*)'),
    rank: library.bind<(handle: Pointer, status: Pointer) => number>(
      'int TFE_TensorHandleNumDims(void*, void*)',
    ),
    dim: library.bind<(handle: Pointer, axis: number, status: Pointer) => number | bigint>(
      'int64_t TFE_TensorHandleDim(void*, int, void*)',
    ),
  };
}

function bindContext(library: CLibrary) {
  return {
    createOptions: library.bind<Make>('void* TFE_NewContextOptions()'),
    setConfig: library.bind<
      (options: Pointer, proto: Uint8Array, sizeBytes: number, status: Pointer) => void
    >('void TFE_ContextOptionsSetConfig(void*, const void*, size_t, void*)'),
    deleteOptions: library.bind<Void>('void TFE_DeleteContextOptions(void*)'),
    create: library.bind<Make>('void* TFE_NewContext(void*, void*)'),
    delete: library.bind<Void>('void TFE_DeleteContext(void*)'),
    listDevices: library.bind<Make>('void* TFE_ContextListDevices(void*, void*)'),
    deviceCount: library.bind<(list: Pointer) => number>('int TF_DeviceListCount(void*)'),
    deviceName: library.bind<(list: Pointer, index: number, status: Pointer) => string>(
      'const char* TF_DeviceListName(void*, int, void*)',
    ),
    deviceType: library.bind<(list: Pointer, index: number, status: Pointer) => string>(
      'const char* TF_DeviceListType(void*, int, void*)',
    ),
    deviceMemory: library.bind<(list: Pointer, index: number, status: Pointer) => number | bigint>(
      'int64_t TF_DeviceListMemoryBytes(void*, int, void*)',
    ),
    deleteDeviceList: library.bind<Void>('void TF_DeleteDeviceList(void*)'),
    addFunction: library.bind<Void>('void TFE_ContextAddFunction(void*, void*, void*)'),
    removeFunction: library.bind<(context: Pointer, name: string, status: Pointer) => void>(
      'void TFE_ContextRemoveFunction(void*, const char*, void*)',
    ),
  };
}

type Execute = AsyncCapable<
  [op: Pointer, outputs: (Pointer | null)[], count: number[], status: Pointer],
  void
>;

function bindOp(library: CLibrary) {
  return {
    create: library.bind<(context: Pointer, name: string, status: Pointer) => Pointer>(
      'void* TFE_NewOp(void*, const char*, void*)',
    ),
    delete: library.bind<Void>('void TFE_DeleteOp(void*)'),
    addInput: library.bind<Void>('void TFE_OpAddInput(void*, void*, void*)'),
    setType: library.bind<(op: Pointer, name: string, dtype: number) => void>(
      'void TFE_OpSetAttrType(void*, const char*, int)',
    ),
    setInt: library.bind<(op: Pointer, name: string, value: number) => void>(
      'void TFE_OpSetAttrInt(void*, const char*, int64_t)',
    ),
    setIntList: library.bind<(op: Pointer, name: string, values: BigInt64Array, count: number) => void>(
      'void TFE_OpSetAttrIntList(void*, const char*, const int64_t*, int)',
    ),
    setFloat: library.bind<(op: Pointer, name: string, value: number) => void>(
      'void TFE_OpSetAttrFloat(void*, const char*, float)',
    ),
    setBool: library.bind<(op: Pointer, name: string, value: number) => void>(
      'void TFE_OpSetAttrBool(void*, const char*, uint8_t)',
    ),
    setString: library.bind<(op: Pointer, name: string, value: string, sizeBytes: number) => void>(
      'void TFE_OpSetAttrString(void*, const char*, const char*, size_t)',
    ),
    setShape: library.bind<
      (op: Pointer, name: string, dims: BigInt64Array, rank: number, status: Pointer) => void
    >('void TFE_OpSetAttrShape(void*, const char*, const int64_t*, int, void*)'),
    execute: library.bind<Execute>('void TFE_Execute(void*, _Inout_ void**, _Inout_ int*, void*)'),
  };
}

type ToFunction = (
  graph: Pointer,
  name: string,
  appendHash: number,
  operationCount: number,
  operations: null,
  inputCount: number,
  inputs: readonly GraphOutput[],
  outputCount: number,
  outputs: readonly GraphOutput[],
  outputNames: null,
  options: null,
  description: string,
  status: Pointer,
) => Pointer;

function bindGraph(library: CLibrary) {
  return {
    create: library.bind<Make>('void* TF_NewGraph()'),
    delete: library.bind<Void>('void TF_DeleteGraph(void*)'),
    createBuffer: library.bind<(bytes: Uint8Array, sizeBytes: number) => Pointer>(
      'void* TF_NewBufferFromString(const void*, size_t)',
    ),
    deleteBuffer: library.bind<Void>('void TF_DeleteBuffer(void*)'),
    createImportOptions: library.bind<Make>('void* TF_NewImportGraphDefOptions()'),
    deleteImportOptions: library.bind<Void>('void TF_DeleteImportGraphDefOptions(void*)'),
    import: library.bind<Void>('void TF_GraphImportGraphDef(void*, void*, void*, void*)'),
    copyFunction: library.bind<(graph: Pointer, fn: Pointer, gradient: null, status: Pointer) => void>(
      'void TF_GraphCopyFunction(void*, void*, void*, void*)',
    ),
    operation: library.bind<(graph: Pointer, name: string) => Pointer | null>(
      'void* TF_GraphOperationByName(void*, const char*)',
    ),
    toFunction: library.bind<ToFunction>(
      'void* TF_GraphToFunction(void*, const char*, uint8_t, int, void*, int, TF_Output*, int, TF_Output*, void*, void*, const char*, void*)',
    ),
    setFunctionAttribute: library.bind<
      (fn: Pointer, name: string, proto: Uint8Array, sizeBytes: number, status: Pointer) => void
    >('void TF_FunctionSetAttrValueProto(void*, const char*, const void*, size_t, void*)'),
    deleteFunction: library.bind<Void>('void TF_DeleteFunction(void*)'),
  };
}

/** Binds every function the engine uses; a missing one throws here, not in the middle of a run. */
export function bindCApi(library: CLibrary): CApi {
  declareStructures();
  return {
    status: bindStatus(library),
    tensor: bindTensor(library),
    context: bindContext(library),
    op: bindOp(library),
    graph: bindGraph(library),
    version: library.bind<() => string>('const char* TF_Version()'),
  };
}
