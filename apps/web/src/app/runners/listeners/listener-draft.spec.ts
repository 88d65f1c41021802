import type { ListenerView } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { criteriaDraft, draftProblems, listenerDraft, listenerRequest, NEW_LISTENER, switched } from './listener-draft';
import { parseWait, waitWords } from '../../ui/wait-duration';

const HOUR = 3_600_000;

describe('how long a session may wait', () => {
  it.each([
    ['24 hours', 24 * HOUR],
    ['24h', 24 * HOUR],
    ['90 min', 1.5 * HOUR],
    ['1.5 h', 1.5 * HOUR],
    ['1 day 12 hours', 36 * HOUR],
    ['1 day, 12 hours', 36 * HOUR],
    ['1 hour and 30 minutes', 1.5 * HOUR],
    ['5s', 5_000],
    ['', null],
    ['soon', null],
    ['24', null],
    ['24 hours or so', null],
    ['3 weeks', null],
    ['31 days', null],
    ['0 s', null],
  ])('%s', (text, ms) => expect(parseWait(text)).toBe(ms));

  it.each([[5_000], [90_000], [HOUR], [24 * HOUR], [36 * HOUR], [72 * HOUR], [30 * 24 * HOUR]])(
    'reads %d ms back from its words',
    (ms) => expect(parseWait(waitWords(ms))).toBe(ms),
  );

  it('is said as people say it', () => {
    expect([HOUR, 24 * HOUR, 48 * HOUR, 90_000].map(waitWords)).toEqual([
      '1 hour',
      '24 hours',
      '2 days',
      '1 minute 30 seconds',
    ]);
  });
});

describe('a listener’s form', () => {
  const listener: ListenerView = {
    listenerId: 'lst_1',
    runnerId: 'r1',
    triggerType: 'ci:finished',
    prompt: 'Find out why',
    cwd: '/home/ada/code',
    model: { provider: 'acme', id: 'big' },
    params: { branch: 'main' },
    filters: [{ field: 'status', op: 'eq', value: ['failed', 'lost'] }],
    filterMode: 'or',
    enabled: true,
    disabledReason: null,
    maxWaitMs: 24 * HOUR,
    maxConcurrent: 3,
    missedRuns: 'latest',
    createdBy: 'usr_1',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  };

  it('asks for what was there when nothing is changed, whether the runner lists its models or not', () => {
    const request = listenerRequest(listenerDraft(listener), criteriaDraft(listener, []), [], [], listener);
    expect(request).toEqual(switched(listener, true));
  });

  it('leaves empty fields to their defaults', () => {
    const draft = { ...NEW_LISTENER, triggerType: 'ci:finished', prompt: '  ' };
    expect(draftProblems(draft)).toEqual({});
    expect(listenerRequest(draft, criteriaDraft(null, []), [], [], null)).toEqual({
      triggerType: 'ci:finished',
      filterMode: 'and',
      prompt: null,
      cwd: null,
      model: null,
      enabled: true,
      maxWaitMs: 24 * HOUR,
      maxConcurrent: null,
      missedRuns: 'all',
    });
  });

  it('says what it can tell to be wrong', () => {
    const problems = draftProblems({ ...NEW_LISTENER, maxWait: 'soon', maxConcurrent: '1.5' });
    expect(Object.keys(problems)).toEqual(['triggerType', 'maxWait', 'maxConcurrent']);
  });
});
