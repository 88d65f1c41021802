import type { ServiceLogLine } from '@pizzapi/protocol';
import { expect, it } from 'vitest';
import { continued } from './log-lines';

const line = (number: number): ServiceLogLine => ({
  ts: new Date(number * 1_000).toISOString(),
  stream: 'stdout',
  text: `line ${number}`,
});
const lines = (from: number, to: number): ServiceLogLine[] =>
  Array.from({ length: to - from + 1 }, (_, at) => line(from + at));

it('the latest lines continue those that they overlap with', () => {
  expect(continued(lines(1, 5), lines(4, 8), 100)).toEqual(lines(1, 8));
  expect(continued(lines(1, 5), lines(4, 5), 100)).toEqual(lines(1, 5));
  expect(continued(lines(1, 5), lines(6, 8), 100)).toBeNull();
});

it('a log that is followed for long keeps only so many lines', () => {
  let known: readonly ServiceLogLine[] | null = lines(1, 5);
  for (let last = 6; last <= 50; last++) known = continued(known ?? [], lines(last - 2, last), 10);
  expect(known).toEqual(lines(41, 50));
});
