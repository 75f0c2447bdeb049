import { expect, it } from 'vitest';
import { RecentAnswers } from './recent-answers.ts';

function counted() {
  const made: string[] = [];
  const answers = new RecentAnswers<string>();
  const ask = (key: string): Promise<string> =>
    answers.get(key, () => {
      made.push(key);
      return Promise.resolve(`answer to ${key}`);
    });
  return { made, answers, ask };
}

it('an answer is made once, and anew after all were let go', async () => {
  const { made, answers, ask } = counted();
  expect([await ask('a'), await ask('a')]).toEqual(['answer to a', 'answer to a']);
  answers.clear();
  await ask('a');
  expect(made).toEqual(['a', 'a']);
});

it('the oldest go when there are too many', async () => {
  const { made, ask } = counted();
  const keys = Array.from({ length: 13 }, (_, place) => String(place));
  for (const key of keys) await ask(key);
  await ask('12');
  await ask('0');
  expect(made).toEqual([...keys, '0']);
});

it('what fails, and what was being made when all were let go, is not kept', async () => {
  const { made, answers, ask } = counted();
  await expect(answers.get('a', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  const asked = ask('a');
  answers.clear();
  await asked;
  await ask('a');
  expect(made).toEqual(['a', 'a']);
});
