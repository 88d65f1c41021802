import { describe, expect, it } from 'vitest';
import { isOrder, isOrderOfUnknownPolicy } from './read-order.js';

const spawn = {
  cursor: '1-0',
  order: 'spawn',
  sessionId: '0198c0de-0000-7000-8000-000000000001',
  isResume: false,
};

describe('an order of the relay', () => {
  it.each<[string, unknown, boolean, boolean]>([
    ['is understood', { ...spawn, policy: { sandbox: { mode: 'full' } } }, true, false],
    ['need not bring a policy', spawn, true, false],
    ['may bring a policy that only newer runners know', { ...spawn, policy: { sandbox: { mode: 'vm' } } }, false, true],
    ['may be no order at all', { ...spawn, order: 'explode', policy: {} }, false, false],
    ['may lack something else', { ...spawn, isResume: 'yes', policy: { network: {} } }, false, false],
    ['may be nothing', null, false, false],
  ])('%s', (_what, order, isKnown, isOfUnknownPolicy) => {
    expect([isOrder(order), isOrderOfUnknownPolicy(order)]).toEqual([isKnown, isOfUnknownPolicy]);
  });
});
