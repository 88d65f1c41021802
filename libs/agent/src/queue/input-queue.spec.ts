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
  return queue.view.inputs.map(({ inputId }) => inputId);
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

  it('shows the first of many, and how many there are besides', () => {
    const queue = new InputQueue();
    for (let at = 0; at < 100; at++) queue.add(anItem(`i${at}`));
    expect(queue.view.more).toBeUndefined();
    for (let at = 100; at < 1_000; at++) queue.add(anItem(`i${at}`));
    expect(ids(queue)).toEqual(Array.from({ length: 100 }, (_, at) => `i${at}`));
    expect(queue.view.more).toBe(900);
  });

  it('shows of long ones no more than one message carries, and always the first', () => {
    const queue = new InputQueue();
    const long = 'x'.repeat(600_000);
    queue.add(anItem('longest', { text: long + long }));
    for (const id of ['a', 'b', 'c']) queue.add(anItem(id, { text: long }));
    expect(ids(queue)).toEqual(['longest']);
    expect(queue.view.more).toBe(3);
    expect(queue.takeNext()?.text).toHaveLength(1_200_000);
    expect(ids(queue)).toEqual(['a']);
    expect(queue.view.more).toBe(2);
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
    expect(queue.view.inputs.map(({ inputId, kind, text }) => [inputId, kind, text])).toEqual([
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
    expect(queue.view.inputs[0]?.text).toBe('better');
    expect(queue.edit('t', 'forged')).toBe(false);
    expect(queue.remove('t')).toBe(false);
    expect(queue.remove('a')).toBe(true);
    expect(queue.remove('a')).toBe(false);
    expect(ids(queue)).toEqual(['t']);
  });
});
