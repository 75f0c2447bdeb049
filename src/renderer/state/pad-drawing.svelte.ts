import { place, type Placement } from './pad-prepare.ts';
import {
  blankPicture,
  inverted,
  Stroke,
  tinted,
  type Ink,
  type PicturePoint,
  type PictureShape,
  type PictureValues,
} from './pad-picture.ts';

export type PadTool = 'pen' | 'eraser';

/** Steps that can be taken back. */
const MOST_STEPS = 100;
const BLACK = 0;
const WHITE = 255;

/** A picture and the level of its paper, as a step back finds them. */
interface Step {
  readonly values: PictureValues;
  readonly paper: number;
}

/** The picture on the pad: what is drawn on it, with what, and what was there before. */
export class PadDrawing {
  readonly shape: PictureShape;
  values: PictureValues = $state.raw(new Float32Array());
  /** Level of what is not drawn on. */
  paper = $state(BLACK);
  tool = $state<PadTool>('pen');
  /** Width of the pen's line in pixels. */
  width = $state(2);
  /** Of a picture in colour. */
  ink = $state.raw<Ink>([WHITE, WHITE, WHITE]);
  placement = $state<Placement>('as-drawn');
  /** What the nets are shown. */
  readonly shown = $derived.by(() => place(this.placement, this.shape, this.values, this.paper));

  #stroke: Stroke | null = null;
  #past = $state.raw<readonly Step[]>([]);
  #future = $state.raw<readonly Step[]>([]);

  constructor(shape: PictureShape) {
    this.shape = shape;
    this.values = blankPicture(shape, BLACK);
    // The lines of MNIST's and USPS' digits are about two pixels wide.
    this.width = Math.max(2, Math.round(shape[1] / 14));
  }

  get inColour(): boolean {
    return this.shape[2] >= 3;
  }

  get drawing(): boolean {
    return this.#stroke !== null;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Is there nothing on the paper? */
  get blank(): boolean {
    return this.values.every((value) => value === this.paper);
  }

  /** Puts the pen down. */
  begin(point: PicturePoint): void {
    this.#keep();
    this.#stroke = new Stroke(this.shape, this.values, { radius: this.width / 2, ink: this.#level() }, point);
    this.values = this.#stroke.to(point);
  }

  /** Draws on to a point, where the pen is down. */
  extend(point: PicturePoint): void {
    if (this.#stroke !== null) this.values = this.#stroke.to(point);
  }

  /** Lifts the pen. */
  end(): void {
    this.#stroke = null;
  }

  undo(): void {
    this.end();
    const step = this.#past.at(-1);
    if (step === undefined) return;
    this.#future = [...this.#future, this.#now()];
    this.#past = this.#past.slice(0, -1);
    this.#show(step);
  }

  redo(): void {
    this.end();
    const step = this.#future.at(-1);
    if (step === undefined) return;
    this.#past = [...this.#past, this.#now()];
    this.#future = this.#future.slice(0, -1);
    this.#show(step);
  }

  clear(): void {
    this.#change(blankPicture(this.shape, this.paper), this.paper);
  }

  invert(): void {
    this.#change(inverted(this.values), WHITE - this.paper);
  }

  /** Colours all that is drawn, by its brightness. */
  tint(ink: Ink): void {
    if (this.inColour) this.#change(tinted(this.values, ink), this.paper);
  }

  /** Shows a picture, such as a stored example. */
  load(values: PictureValues): void {
    this.#change(values, BLACK);
  }

  #change(values: PictureValues, paper: number): void {
    this.end();
    this.#keep();
    this.#show({ values, paper });
  }

  /** Ink of the tool on this paper; grey pictures are drawn on with the paper's opposite. */
  #level(): Ink {
    if (this.tool === 'eraser') return [this.paper, this.paper, this.paper];
    if (this.inColour) return this.ink;
    const grey = WHITE - this.paper;
    return [grey, grey, grey];
  }

  #now(): Step {
    return { values: this.values, paper: this.paper };
  }

  #show({ values, paper }: Step): void {
    this.values = values;
    this.paper = paper;
  }

  #keep(): void {
    this.#past = [...this.#past, this.#now()].slice(-MOST_STEPS);
    this.#future = [];
  }
}
