import type { InboxItem } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { InputQueue } from './input-queue.js';
import { aTriggerItem } from '../../testing/trigger-fixture.js';

function anItem(deliveryId: string, changes: Partial<InboxItem> = {}): InboxItem {
  const ts = '2026-01-01T00:00:00.000Z';
  return {
    cursor: '1-0',
    deliveryId,
    kind: 'input',
    deliverAs: 'prompt',
    ts,
    text: `text of ${deliveryId}`,
    ...changes,
  };
}

function ids(queue: InputQueue): string[] {
  return queue.view.map(({ inputId }) => inputId);
}

describe('InputQueue', () => {
  it('gives steers to a running turn first and everything in order to an idle agent', () => {
    const queue = new InputQueue();
    for (const item of [anItem('a'), anItem('b', { deliverAs: 'steer' }), anItem('c', { deliverAs: 'followUp' })])
      queue.add(item);
    expect(queue.takeSteer()?.deliveryId).toBe('b');
    expect(queue.takeSteer()).toBeUndefined();
    expect(queue.takeNext()?.deliveryId).toBe('a');
    expect(ids(queue)).toEqual(['c']);
  });

  it('puts back at the front, in order', () => {
    const queue = new InputQueue();
    queue.add(anItem('c'));
    queue.putBack([anItem('a'), anItem('b')]);
    expect(ids(queue)).toEqual(['a', 'b', 'c']);
  });

  it('shows a trigger by its summary or type, never by its JSON', () => {
    const queue = new InputQueue();
    queue.add(aTriggerItem({ summary: 'Order 7\n shipped' }, { deliveryId: 'dlv_1', deliverAs: 'steer' }));
    queue.add(aTriggerItem({}, { deliveryId: 'dlv_2' }));
    queue.add(anItem('dlv_3', { kind: 'trigger', text: 'of an older relay' }));
    expect(queue.view.map(({ inputId, kind, text }) => [inputId, kind, text])).toEqual([
      ['dlv_1', 'trigger', 'Order 7 shipped'],
      ['dlv_2', 'trigger', 'orders:status_changed'],
      ['dlv_3', 'trigger', 'Trigger'],
    ]);
  });

  it("edits and removes people's input, but no triggers and nothing that is gone", () => {
    const queue = new InputQueue();
    queue.add(anItem('a'));
    queue.add(anItem('t', { kind: 'trigger' }));
    expect(queue.edit('a', 'better')).toBe(true);
    expect(queue.view[0]?.text).toBe('better');
    expect(queue.edit('t', 'forged')).toBe(false);
    expect(queue.remove('t')).toBe(false);
    expect(queue.remove('a')).toBe(true);
    expect(queue.remove('a')).toBe(false);
    expect(ids(queue)).toEqual(['t']);
  });
});
