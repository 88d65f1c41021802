import { expect, it } from 'vitest';
import { QuestionGuard } from './question-guard.js';
import type { ServerAnswer, ServerQuestion } from './server-requests.js';

const question: ServerQuestion = { server: 'met', message: 'Where?', fields: [], signal: new AbortController().signal };

function guarded(action: ServerAnswer['action'] = 'accept') {
  const guard = new QuestionGuard();
  let asked = 0;
  const ask = guard.over(() => {
    asked += 1;
    return Promise.resolve(action === 'accept' ? { action, content: {} } : { action });
  });
  const answers = async (times: number): Promise<string[]> => {
    const given: string[] = [];
    while (given.length < times) given.push((await ask(question)).action);
    return given;
  };
  return { guard, answers, asked: () => asked };
}

it('a server asks only while something waits for it', async () => {
  const { guard, answers, asked } = guarded();
  expect(await answers(1)).toEqual(['cancel']);
  guard.begin();
  expect(await answers(1)).toEqual(['accept']);
  guard.end();
  expect(await answers(1)).toEqual(['cancel']);
  expect(asked()).toBe(1);
});

it('a server asks ten times at most, and then again for something else', async () => {
  const { guard, answers, asked } = guarded();
  guard.begin();
  expect((await answers(12)).slice(9)).toEqual(['accept', 'cancel', 'cancel']);
  guard.end();
  guard.begin();
  expect(await answers(1)).toEqual(['accept']);
  expect(asked()).toBe(11);
});

it('a server does not ask again after a no', async () => {
  const { guard, answers, asked } = guarded('decline');
  guard.begin();
  guard.begin();
  guard.end();
  expect(await answers(3)).toEqual(['decline', 'decline', 'decline']);
  expect(asked()).toBe(1);
});
