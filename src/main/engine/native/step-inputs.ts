import type { Tensor } from '@tensorflow/tfjs-core';
import type { StateTensor } from '../engine.ts';
import { typeAttribute, type NativeBackend } from './backend.ts';
import { AttributeType } from './binding.ts';
import { DType } from './dtype.ts';
import type { GraphBuilder, GraphValue, Ref } from './graph-builder.ts';
import { LOOP_INDEX } from './loop.ts';
import { stateParameter } from './program-state.ts';
import type { Recorder } from './recorder.ts';
import { residentParameter, type Resident } from './resident.ts';

/** Loop parameters that hold one row per iteration. */
export const INDICES = 'indices';

/** Makes a tfjs tensor that stands for a value of the graph while a step is recorded. */
export function standIn(backend: NativeBackend, recorder: Recorder, id: number, value: GraphValue): Tensor {
  recorder.bind(id, value);
  return backend.adopt(id);
}

/** The state as parameters of the graph, or as the values that `refOf` names; tensors by the state's names. */
export function stateStandIns(
  backend: NativeBackend,
  recorder: Recorder,
  state: readonly StateTensor[],
  refOf: (name: string) => Ref | undefined = () => undefined,
): Record<string, Tensor> {
  return Object.fromEntries(
    state.map((tensor, index) => {
      const parameter = stateParameter(tensor, index);
      const id = backend.binding.createTensor(tensor.shape, DType.float32, tensor.values);
      const value = { ...parameter, ref: refOf(tensor.name) ?? parameter.ref };
      return [tensor.name, standIn(backend, recorder, id, value)];
    }),
  );
}

/** Gathers the first rows of an input, as sample values for the recording. */
function sampleRows(backend: NativeBackend, resident: Resident, batchSize: number): number {
  const { binding } = backend;
  const rows = Int32Array.from({ length: batchSize }, (_, row) => row % resident.shape[0]!);
  const temporary = [
    binding.createTensor([batchSize], DType.int32, rows),
    binding.createTensor([], DType.int32, [0]),
  ];
  const gathered = binding.executeOp(
    'GatherV2',
    [
      typeAttribute('Tparams', resident.dtype),
      typeAttribute('Tindices', DType.int32),
      typeAttribute('Taxis', DType.int32),
      { name: 'batch_dims', type: AttributeType.int, value: 0 },
    ],
    [resident.id, ...temporary],
    1,
  )[0]!.id;
  for (const id of temporary) binding.deleteTensor(id);
  return resident.dtype === DType.uint8 ? widen(backend, gathered) : gathered;
}

/** tfjs has no 8-bit type; its place is taken by int32. */
function widen(backend: NativeBackend, id: number): number {
  const attributes = [typeAttribute('SrcT', DType.uint8), typeAttribute('DstT', DType.int32)];
  const wide = backend.binding.executeOp('Cast', attributes, [id], 1)[0]!.id;
  backend.binding.deleteTensor(id);
  return wide;
}

/** The rows of one iteration's batch, which the parameter `indices` names, in equal parts. */
export function batchRows(graph: GraphBuilder, parts: number): Ref[] {
  return graph.split(graph.gather(INDICES, LOOP_INDEX, DType.int32), DType.int32, parts);
}

/**
 * The examples of `rows`, gathered in the graph.
 * @returns tensors by input name, owned by tfjs's current scope
 */
export function batchStandIns(
  backend: NativeBackend,
  graph: GraphBuilder,
  recorder: Recorder,
  residents: readonly Resident[],
  rows: Ref,
  batchSize: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    residents.map((resident, index) => {
      const gathered = graph.gather(residentParameter(resident, index).ref, rows, resident.dtype);
      const value = batchValue(graph, gathered, resident, batchSize);
      return [resident.name, standIn(backend, recorder, sampleRows(backend, resident, batchSize), value)];
    }),
  );
}

function batchValue(graph: GraphBuilder, gathered: Ref, resident: Resident, batchSize: number): GraphValue {
  const shape = [batchSize, ...resident.shape.slice(1)];
  const isByte = resident.dtype === DType.uint8;
  return {
    ref: isByte ? graph.cast(gathered, DType.uint8, DType.int32) : gathered,
    dtype: isByte ? DType.int32 : resident.dtype,
    shape,
  };
}

/** A row of a [iterations, length] float32 parameter, as scalars of the graph. */
export function rowScalars(graph: GraphBuilder, table: Ref, length: number): Ref[] {
  if (length === 0) return [];
  const row = graph.gather(table, LOOP_INDEX, DType.float32);
  const first = graph.add('Unpack', [row], {
    T: { kind: 'type', value: DType.float32 },
    num: { kind: 'int', value: length },
    axis: { kind: 'int', value: 0 },
  });
  return Array.from({ length }, (_, index) => (index === 0 ? first : `${first}:${index}`));
}

/** Writes float32 scalars into the iteration's row of a [iterations, scalars] table; returns the new table. */
export function writeRow(graph: GraphBuilder, table: Ref, scalars: readonly Ref[]): Ref {
  const where = graph.reshape(LOOP_INDEX, DType.int32, [1, 1]);
  const row = graph.reshape(graph.pack(scalars, DType.float32), DType.float32, [1, scalars.length]);
  return graph.add('TensorScatterUpdate', [table, where, row], {
    T: { kind: 'type', value: DType.float32 },
    Tindices: { kind: 'type', value: DType.int32 },
  });
}
