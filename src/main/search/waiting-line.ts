import { mayTrainTogether } from '../training/population/numbers.ts';
import type { StudyMember } from './member.ts';
import { kindOf, workOf } from './members.ts';

/** Nets handed to one searcher at a time where they train as populations. */
const TOGETHER = 64;
/** Nets that wait, looked through for those of one kind. */
const LOOKED_AT = 4_096;

interface WaitingMember {
  readonly member: StudyMember;
  /** What those share that may train together; null for a net that trains alone. */
  readonly kind: string | null;
  readonly work: number;
}

interface Pack {
  readonly members: StudyMember[];
  work: number;
}

function waiting(member: StudyMember, alone: boolean): WaitingMember {
  const kind = !alone && mayTrainTogether(member.experiment) ? kindOf(member) : null;
  return { member, kind, work: workOf(member) };
}

/** Nets that wait for a searcher. */
export class WaitingLine {
  readonly #isHeaviestFirst: boolean;
  #line: WaitingMember[] = [];

  /**
   * @param isHeaviestFirst the kind with the most work goes first, so that searchers end at nearly the same time; else the
   * kind of the net that has waited longest
   */
  constructor(isHeaviestFirst: boolean) {
    this.#isHeaviestFirst = isHeaviestFirst;
  }

  get size(): number {
    return this.#line.length;
  }

  add(members: readonly StudyMember[]): void {
    this.#line.push(...members.map((member) => waiting(member, false)));
  }

  /**
   * Puts nets before all others.
   * @param alone whether each is then taken alone, whatever its kind
   */
  addFirst(members: readonly StudyMember[], alone = false): void {
    this.#line.unshift(...members.map((member) => waiting(member, alone)));
  }

  /** Takes a trial's nets out. */
  drop(trial: number): void {
    this.#line = this.#line.filter(({ member }) => member.trial !== trial);
  }

  /**
   * Takes the next nets: one that trains alone in its turn, else those of one kind together. Empty where no net waits.
   */
  take(): readonly StudyMember[] {
    const [first] = this.#line;
    if (first === undefined) return [];
    const taken = first.kind === null ? [first.member] : this.#nextPack();
    const gone = new Set(taken);
    this.#line = this.#line.filter(({ member }) => !gone.has(member));
    return taken;
  }

  #nextPack(): readonly StudyMember[] {
    const packs = new Map<string, Pack>();
    for (const { member, kind, work } of this.#line.slice(0, LOOKED_AT)) {
      if (kind === null) continue;
      const pack = packs.get(kind) ?? { members: [], work: 0 };
      packs.set(kind, pack);
      if (pack.members.length === TOGETHER) continue;
      pack.members.push(member);
      pack.work += work;
    }
    const inTurn = [...packs.values()];
    const heaviest = Math.max(...inTurn.map(({ work }) => work));
    const next = this.#isHeaviestFirst ? inTurn.find(({ work }) => work === heaviest) : inTurn[0];
    return next!.members;
  }
}
