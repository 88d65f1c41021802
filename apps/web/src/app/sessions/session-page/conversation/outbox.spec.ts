import { applyEvents } from './apply-event';
import { emptyConversation } from './conversation';
import { EventScript } from './conversation-fixtures';
import { accepted, enqueue, failed, retried, settled } from './outbox';
import { visibleItems } from './transcript-window';

const items = (script: EventScript) => visibleItems(applyEvents(emptyConversation(), script.events).window);

describe('outbox', () => {
  it('shows a message until the conversation has it, by id', () => {
    const outbox = accepted(enqueue([], 'k', { text: 'hi', deliverAs: 'prompt' }, 0), 'k', 'inp_1');
    expect(settled(outbox, items(new EventScript().user('e', 'hi', { inputId: 'inp_2' })), [])).toHaveLength(1);
    expect(settled(outbox, items(new EventScript().user('e', 'hi', { inputId: 'inp_1' })), [])).toHaveLength(0);
  });

  it('is done with a command that leaves no message by what says that it ran', () => {
    const outbox = accepted(enqueue([], 'k', { text: '/compact', deliverAs: 'prompt' }, 0), 'k', 'inp_1');
    const ran = (deliveryId: string) =>
      new EventScript().notice('n', { role: 'command', deliveryId, text: '/compact' });
    expect(settled(outbox, items(ran('inp_2')), [])).toHaveLength(1);
    expect(settled(outbox, items(ran('inp_1')), [])).toHaveLength(0);
    expect(
      settled(enqueue([], 'k', { text: '/compact', deliverAs: 'prompt' }, 0), items(ran('inp_1')), []),
    ).toHaveLength(1);
  });

  it('or by its words, among later entries only, each entry once', () => {
    const twice = enqueue(
      enqueue([], 'k1', { text: 'hi', deliverAs: 'prompt' }, 1),
      'k2',
      { text: 'hi', deliverAs: 'prompt' },
      1,
    );
    expect(settled(twice, items(new EventScript().user('e1', 'hi')), [])).toHaveLength(2);
    expect(settled(twice, items(new EventScript().user('e1', 'x').user('e2', 'hi')), [])).toHaveLength(1);
  });

  it('hands over to the queue', () => {
    const outbox = accepted(enqueue([], 'k', { text: 'hi', deliverAs: 'followUp' }, 0), 'k', 'inp_1');
    const queued = { inputId: 'inp_1', text: 'hi', deliverAs: 'followUp' as const, ts: '' };
    expect(settled(outbox, [], [queued])).toHaveLength(0);
  });

  it('keeps a failed one, marked, and retries it under the same key', () => {
    const outbox = failed(enqueue([], 'k', { text: 'hi', deliverAs: 'prompt' }, 0), 'k', 'The relay did not answer.');
    expect(outbox[0]).toMatchObject({ state: 'failed', problem: 'The relay did not answer.' });
    expect(retried(outbox, 'k')[0]).toMatchObject({ key: 'k', state: 'sending', problem: null });
  });
});
