/**
 * What the numbers of a classifier's head mean: logits of a softmax or of one sigmoid, probabilities as they are, the
 * margins of a support vector machine (read like logits, but no probabilities), or the plain scores of a model trained on
 * squared or absolute errors. A head with one output speaks of the second of two classes.
 */
export type OutputMeaning = 'logits' | 'probabilities' | 'margins' | 'scores';

/** How much speaks for each class, example by example. */
export interface ClassEvidence {
  readonly exampleCount: number;
  readonly classCount: number;
  /** [examples, classes] flat, larger for a likelier class: natural logarithms of shares of 1, or plain scores. */
  readonly values: Float64Array;
  readonly areLogarithms: boolean;
  readonly areProbabilities: boolean;
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** log softmax of each row of logits. */
function logSoftmax(logits: Float32Array, classCount: number): Float64Array {
  const values = Float64Array.from(logits);
  for (let start = 0; start < values.length; start += classCount) {
    const row = values.subarray(start, start + classCount);
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const logSum = largest + Math.log(row.reduce((sum, x) => sum + Math.exp(x - largest), 0));
    for (let i = 0; i < classCount; i++) row[i]! -= logSum;
  }
  return values;
}

type Pair = readonly [first: number, second: number];

function logSigmoids(x: number): Pair {
  return [-softplus(x), -softplus(-x)];
}

const pairOf: Readonly<Record<OutputMeaning, (output: number) => Pair>> = {
  logits: logSigmoids,
  margins: logSigmoids,
  probabilities: (p) => [Math.log(1 - p), Math.log(p)],
  scores: (s) => [1 - s, s],
};

/** Values of both classes from the one output that speaks of the second. */
function bothClasses(outputs: Float32Array, meaning: OutputMeaning): Float64Array {
  const values = new Float64Array(2 * outputs.length);
  outputs.forEach((output, i) => values.set(pairOf[meaning](output), 2 * i));
  return values;
}

function allClasses(outputs: Float32Array, classCount: number, meaning: OutputMeaning): Float64Array {
  if (meaning === 'probabilities') return Float64Array.from(outputs, Math.log);
  return meaning === 'scores' ? Float64Array.from(outputs) : logSoftmax(outputs, classCount);
}

/**
 * Reads a classifier's outputs, in float64: a confident logit keeps digits that a float32 probability near 1 loses.
 * @param outputs [examples, outputs] flat, with one output per class, or one in all for two classes
 */
export function readEvidence(
  outputs: Float32Array,
  exampleCount: number,
  classCount: number,
  meaning: OutputMeaning,
): ClassEvidence {
  const isSingle = outputs.length === exampleCount && classCount === 2;
  const values = isSingle ? bothClasses(outputs, meaning) : allClasses(outputs, classCount, meaning);
  return {
    exampleCount,
    classCount,
    values,
    areLogarithms: meaning !== 'scores',
    areProbabilities: meaning === 'logits' || meaning === 'probabilities',
  };
}

/** The class that most speaks for, of each example; the first of equals. */
export function nameClasses({ exampleCount, classCount, values }: ClassEvidence): Int32Array<ArrayBuffer> {
  const named = new Int32Array(exampleCount);
  for (let example = 0; example < exampleCount; example++) {
    const start = example * classCount;
    for (let label = 1; label < classCount; label++) {
      if (values[start + label]! > values[start + named[example]!]!) named[example] = label;
    }
  }
  return named;
}

/** Share of 1 that a value stands for; a score is cut to [0, 1]. */
function shareOf(value: number, areLogarithms: boolean): number {
  return areLogarithms ? Math.exp(value) : Math.min(1, Math.max(0, value));
}

/** Probability, or what comes nearest to it, of the named class of each example. */
export function confidenceOf(evidence: ClassEvidence, named: Int32Array): Float32Array<ArrayBuffer> {
  const { classCount, values, areLogarithms } = evidence;
  return Float32Array.from(named, (label, example) =>
    shareOf(values[example * classCount + label]!, areLogarithms),
  );
}

/** Probabilities, or what comes nearest to them, of all classes, [examples, classes] flat. */
export function probabilitiesOf({ values, areLogarithms }: ClassEvidence): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (value) => shareOf(value, areLogarithms));
}
