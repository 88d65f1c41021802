import { isUuid } from '@pizzapi/protocol';
import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { deliveryIdOf, sessionIdOf } from './delivery-id.js';

const TRIGGER = 'trg_019aa6f0-1234-7abc-8def-0123456789ab';

describe('derived ids', () => {
  it('are the same for the same two, and another for any other two', () => {
    expect(deliveryIdOf(TRIGGER, 'a')).toBe(deliveryIdOf(TRIGGER, 'a'));
    const others = [
      deliveryIdOf(TRIGGER, 'b'),
      deliveryIdOf(TRIGGER.replace('ab', 'ac'), 'a'),
      deliveryIdOf(TRIGGER, 'lst_1'),
      `dlv_${sessionIdOf('lst_1', TRIGGER)}`,
    ];
    expect(new Set([deliveryIdOf(TRIGGER, 'a'), ...others]).size).toBe(5);
  });

  it('are UUIDs of version 7 with the time of their trigger', () => {
    for (let at = 0; at < 100; at++) {
      const uuid = sessionIdOf(`lst_${at}`, TRIGGER);
      expect([isUuid(uuid), validate(uuid), version(uuid)]).toEqual([true, true, 7]);
      expect(uuid.slice(0, 13)).toBe('019aa6f0-1234');
    }
  });
});
