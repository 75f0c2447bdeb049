import * as tf from '@tensorflow/tfjs-core';
import { betaShares } from './beta.ts';
import { drawPartners } from './partner.ts';
import { chance, type Mix, type StepOf } from './parts.ts';

/** share * image + (1 - share) * another image of the batch (Zhang et al. 2018, equation 1). */
export function mixupMix({ alpha, probability }: StepOf<'mixup'>): Mix {
  return (x, draw) => {
    const batch = x.shape[0];
    const partner = drawPartners(batch, draw);
    const mixed = chance(draw('chosen', [batch, 1]), probability);
    const other = tf.mul(mixed, tf.sub(1, betaShares(alpha, batch, draw)));
    const perImage = tf.reshape(other, [batch, 1, 1, 1]);
    return {
      x: tf.add(x, tf.mul(tf.sub(tf.gather(x, partner), x), perImage)),
      mix: { partner, share: tf.reshape(tf.sub(1, other), [batch]) },
    };
  };
}
