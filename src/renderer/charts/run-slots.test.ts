import { describe, expect, it } from 'vitest';
import { RunSlots, type SlotStorage } from './run-slots.ts';

function memory(): SlotStorage & { text: string | null } {
  return {
    text: null,
    getItem() {
      return this.text;
    },
    setItem(_, value) {
      this.text = value;
    },
  };
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => `run${String(i).padStart(7, '0')}`);

describe('the colours of runs', () => {
  it('are the same for the same id, and one of the seven listed', () => {
    const [one, other] = [new RunSlots(null), new RunSlots(null)];
    for (const id of ids(50)) {
      expect(one.slotOf(id)).toBe(other.slotOf(id));
      expect(one.slotOf(id)).toBeLessThan(7);
    }
  });

  it('differ among runs that are compared, and stay as they are then', () => {
    const storage = memory();
    const slots = new RunSlots(storage);
    const compared = ids(12);
    const first = slots.slotOf(compared[0]!);
    slots.tellApart(compared);
    const shown = compared.map((id) => slots.slotOf(id));
    expect(new Set(shown).size).toBe(12);
    expect(shown[0]).toBe(first);
    expect(compared.map((id) => new RunSlots(storage).slotOf(id))).toEqual(shown);
    slots.tellApart([...compared].reverse());
    expect(compared.map((id) => slots.slotOf(id))).toEqual(shown);
  });

  it('are left alone among more runs than colours could tell apart', () => {
    const slots = new RunSlots(null);
    const before = ids(60).map((id) => slots.slotOf(id));
    slots.tellApart(ids(60));
    expect(ids(60).map((id) => slots.slotOf(id))).toEqual(before);
  });

  it('fall back to the ids where what is stored is not ours', () => {
    const storage = memory();
    storage.text = '[broken';
    expect(new RunSlots(storage).slotOf('run0000001')).toBe(new RunSlots(null).slotOf('run0000001'));
  });
});
