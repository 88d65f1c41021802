import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelInfo, ProblemCode } from '@pizzapi/protocol';
import { removeFolder, temporaryFolder } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RequestRefusedError } from '../../relay-link/answering.js';
import { KnownModels } from './known-models.js';

const MINUTE = 60_000;
const named = (name: string): ModelInfo[] => [
  { provider: 'local', id: name, name, contextWindow: 1000, isDefault: true },
];

let agentDir: string;
let now: number;
let answers: (() => Promise<ModelInfo[]>)[];
let asked: number;
let stale: unknown[];
let known: KnownModels;

beforeEach(async () => {
  agentDir = await temporaryFolder('models');
  [now, asked, answers, stale] = [0, 0, [], []];
  known = new KnownModels({
    agentDir,
    read: () => (answers[asked++] ?? (() => Promise.reject(new Error('Asked once too often.'))))(),
    onStale: (error) => stale.push(error),
    now: () => now,
  });
});
afterEach(() => removeFolder(agentDir));

const answer = (name: string) => () => Promise.resolve(named(name));
const setUp = (content: string): void => writeFileSync(join(agentDir, 'models.json'), content);

it('pi is asked once, however many people ask, as long as nothing was changed', async () => {
  answers = [answer('first')];
  expect(await Promise.all([known.list(), known.list()])).toEqual([named('first'), named('first')]);
  now += MINUTE;
  expect(await known.list()).toEqual(named('first'));
  expect(asked).toBe(1);
});

it('a file that was changed counts at once, also one of the same length', async () => {
  setUp('{"a":1}');
  answers = [answer('first'), answer('second'), answer('third')];
  expect(await known.list()).toEqual(named('first'));
  setUp('{"a":2}');
  expect(await known.list()).toEqual(named('second'));
  writeFileSync(join(agentDir, 'auth.json'), '{}');
  expect(await known.list()).toEqual(named('third'));
});

it('a list that is old is answered, and read anew behind the answer', async () => {
  const renewed = Promise.withResolvers<ModelInfo[]>();
  answers = [answer('first'), () => renewed.promise];
  await known.list();
  now += MINUTE + 1;
  expect(await known.list()).toEqual(named('first'));
  expect(await known.list()).toEqual(named('first'));
  expect(asked).toBe(2);
  renewed.resolve(named('second'));
  await expect.poll(() => known.list()).toEqual(named('second'));
});

it('what could not be read anew is said in the log, and what is known goes on', async () => {
  const late = new Error('too late');
  answers = [answer('first'), () => Promise.reject(late)];
  await known.list();
  now += MINUTE + 1;
  await known.list();
  await expect.poll(() => stale).toEqual([late]);
  expect(await known.list()).toEqual(named('first'));
});

it('a refusal is not hidden by what was known, and the next one who asks tries again', async () => {
  const refused = (): Promise<never> =>
    Promise.reject(new RequestRefusedError(ProblemCode.noModelConfigured, 'models.json is no JSON.'));
  answers = [answer('first'), refused, refused, answer('mended')];
  await known.list();
  now += MINUTE + 1;
  await known.list();
  await expect(known.list()).rejects.toThrow('models.json is no JSON.');
  expect(await known.list()).toEqual(named('mended'));
});
