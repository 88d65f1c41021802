import { expect, it, vi } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { readableOf } from './readable-items.js';

const input = (deliveryId: string, deliverAs: unknown = 'prompt') => ({
  deliveryId,
  cursor: '1-0',
  kind: 'input',
  deliverAs,
  ts: '2026-11-29T00:00:00.000Z',
  text: 'Hello',
});

it('takes what it can read, in order, and says what it leaves with the relay', () => {
  const logger = createLogger('worker', 'silent');
  const warn = vi.spyOn(logger, 'warn');
  const items = [input('inp_1'), input('inp_2', null), 'nonsense', input('inp_3')];
  expect(readableOf(items, logger).map(({ deliveryId }) => deliveryId)).toEqual(['inp_1', 'inp_3']);
  expect(warn).toHaveBeenCalledTimes(2);
});
