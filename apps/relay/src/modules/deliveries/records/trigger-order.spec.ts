import { describe, expect, it } from 'vitest';
import { triggerOrder } from './trigger-order.js';

describe('triggerOrder', () => {
  const ts = '2026-11-29T15:00:00.000Z';

  it('sorts by the place on the bus', () => {
    const places = ['1764428400000-0', '1764428400000-2', '1764428400000-10', '1764428400001-0', '1764428400123-0'];
    const orders = places.map((place) => triggerOrder(place, ts));
    expect(orders.toSorted()).toEqual(orders);
    expect(orders[2]).toBe('2025-11-29T15:00:00.000Z-0000000010');
  });

  it('makes do with a time of the same form', () => {
    expect(triggerOrder(null, ts)).toBe(ts);
    expect(triggerOrder('', ts)).toBe(ts);
  });
});
