import { describe, expect, it } from 'vitest';
import { aTriggerItem } from '../../testing/trigger-fixture.js';
import { triggerInBrief, triggerMessage } from './trigger-message.js';

/** On a page it reads as another file's name. */
const TURNED = 'safe\u202Egnp\u2066.exe\u2069';

it('shows signs that turn the direction of type, source and summary, and leaves the payload the same', () => {
  const message = triggerMessage(aTriggerItem({ source: TURNED, summary: TURNED, payload: { note: TURNED } }));
  expect(message).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  expect(message).toContain(
    '\nsource: safe⟨U+202E⟩gnp⟨U+2066⟩.exe⟨U+2069⟩\nsummary: safe⟨U+202E⟩gnp⟨U+2066⟩.exe⟨U+2069⟩\n',
  );
  const [, payload = ''] = /^payload: (.*)$/m.exec(message) ?? [];
  expect(JSON.parse(payload)).toEqual({ note: TURNED });
});

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
