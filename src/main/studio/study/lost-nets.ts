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
    const sentences = members.map((member) => ({ member, sentence: sentenceOf(this.#die(member), isAlone) }));
    const all = (wanted: keyof Sentences) =>
      sentences.flatMap(({ member, sentence }) => (sentence === wanted ? [member] : []));
    return { together: all('together'), alone: all('alone'), faulty: all('faulty') };
  }

  /** Counts a death of a net and returns how many there were. */
  #die(member: StudyMember): number {
    const key = memberKey(member);
    const deaths = (this.#deaths.get(key) ?? 0) + 1;
    this.#deaths.set(key, deaths);
    return deaths;
  }
}

function sentenceOf(deaths: number, isAlone: boolean): keyof Sentences {
  if (deaths < MOST_TOGETHER) return 'together';
  return isAlone && deaths > MOST_TOGETHER ? 'faulty' : 'alone';
}
