import * as tf from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';

/** tfjs types `customGrad` for one tensor in and out only. */
type CustomOp = (...inputs: Tensor[]) => Tensor;
type CustomBody = (
  inputs: Tensor[],
  save: GradSaveFunc,
) => { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[] };

/** An operation with a gradient of its own, for any number of inputs. */
export function customOp(body: CustomBody): CustomOp {
  return tf.customGrad((...given: (Tensor | GradSaveFunc)[]) => {
    const save = given.at(-1) as GradSaveFunc;
    return body(given.slice(0, -1) as Tensor[], save);
  });
}
