import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { betaShares } from './beta.ts';
import { boxMask, type Span } from './box.ts';
import { drawPartners } from './partner.ts';
import { chance, integers, type Draw, type ImageSize, type Mix, type StepOf } from './parts.ts';

/** The run of about `side` * `ratio` pixels around a random one. @param ratio [batch, 1] */
function randomSpan(what: string, side: number, ratio: Tensor, draw: Draw): Span {
  const centre = integers(draw(what, [ratio.shape[0], 1]), side);
  const half = tf.floor(tf.mul(tf.floor(tf.mul(ratio, side)), 0.5));
  return { start: tf.sub(centre, half), end: tf.add(centre, half) };
}

/**
 * Pastes a rectangle of another image of the batch, of sides sqrt(1 - share) of the image's, where it lies within the
 * image; targets are then mixed by the area that was left (Yun et al. 2019, algorithm A1 and its published code).
 */
export function cutmixMix({ alpha, probability }: StepOf<'cutmix'>, { height, width }: ImageSize): Mix {
  return (x, draw) => {
    const batch = x.shape[0];
    const partner = drawPartners(batch, draw);
    const mixed = chance(draw('chosen', [batch, 1]), probability);
    const ratio = tf.mul(mixed, tf.sqrt(tf.sub(1, betaShares(alpha, batch, draw))));
    const rows = randomSpan('row', height, ratio, draw);
    const columns = randomSpan('column', width, ratio, draw);
    const box = boxMask(rows, columns, height, width);
    return {
      x: tf.add(tf.mul(x, tf.sub(1, box)), tf.mul(tf.gather(x, partner), box)),
      mix: { partner, share: tf.sub(1, tf.mean(box, [1, 2, 3])) },
    };
  };
}
