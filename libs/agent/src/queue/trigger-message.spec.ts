import { describe, expect, it } from 'vitest';
import { aTriggerItem } from '../../testing/trigger-fixture.js';
import { triggerInBrief, triggerMessage } from './trigger-message.js';

describe('triggerInBrief', () => {
  const brief = (fields: Parameters<typeof aTriggerItem>[0]): string =>
    triggerInBrief(triggerMessage(aTriggerItem(fields)));

  it('says type and summary, and a listener’s prompt first', () => {
    expect(brief({ summary: 'Order 1 shipped' })).toBe('trigger orders:status_changed: Order 1 shipped');
    const run = { listenerId: 'lst_1', prompt: 'Look at it.\nA trigger tells you more.', summary: 'Order 1 shipped' };
    expect(brief(run)).toBe('Look at it.\nA trigger tells you more.\n(trigger orders:status_changed: Order 1 shipped)');
  });

  it('leaves what people said as it is', () => {
    expect(triggerInBrief('A trigger arrived? <trigger-data mark="x">')).toBe(
      'A trigger arrived? <trigger-data mark="x">',
    );
  });
});
