import { pino } from 'pino';
import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { parsed } from './incoming.js';

it('drops what is malformed, and what cannot be acted on ends nothing', () => {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
  const taken: number[] = [];
  let dropped = 0;
  const hear = parsed(
    'runner:number',
    Type.Number(),
    logger,
    (value) => {
      if (value === 2) throw new Error('the disk is full');
      taken.push(value);
    },
    () => (dropped += 1),
  );
  for (const message of [1, 'two', 2, 3]) hear(message);
  expect([taken, dropped]).toEqual([[1, 3], 1]);
  expect(lines.filter((line) => line.includes('the disk is full'))).toHaveLength(1);
});
