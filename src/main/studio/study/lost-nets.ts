import { memberKey, type StudyMember } from '../../search/member.ts';

/** After so many deaths a net trains alone; what its searcher does then is its own doing. */
const MOST_TOGETHER = 2;

/** What becomes of the nets that a dead searcher had not ended. */
interface Sentences {
  /** To be trained again, as before. */
  readonly together: readonly StudyMember[];
  /** To be trained again, each with a searcher to itself. */
  readonly alone: readonly StudyMember[];
  /** They have taken a searcher down that had nothing else to do. */
  readonly faulty: readonly StudyMember[];
}

/**
 * Finds out which nets take their searchers down, for lack of memory say. Those that train as one die as one, so nobody
 * is failed for the company it kept.
 */
export class LostNets {
  readonly #deaths = new Map<string, number>();

  /** @param members what the searcher had when it died */
  judge(members: readonly StudyMember[]): Sentences {
    const isAlone = members.length === 1;
    const suspects = members.filter((member) => this.#countDeath(member) >= MOST_TOGETHER);
    const faulty = suspects.filter((member) => isAlone && this.#deathsOf(member) > MOST_TOGETHER);
    const [all, condemned] = [new Set(suspects), new Set(faulty)];
    return {
      together: members.filter((member) => !all.has(member)),
      alone: suspects.filter((member) => !condemned.has(member)),
      faulty,
    };
  }

  #deathsOf(member: StudyMember): number {
    return this.#deaths.get(memberKey(member)) ?? 0;
  }

  #countDeath(member: StudyMember): number {
    const deaths = this.#deathsOf(member) + 1;
    this.#deaths.set(memberKey(member), deaths);
    return deaths;
  }
}
