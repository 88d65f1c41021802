import { SessionStatus } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { isOpen, nextStatus, type StatusFact } from './session-status.js';

const facts: StatusFact[] = ['started', 'failed', 'ended', 'withdrawn', 'resumed'];

describe('nextStatus', () => {
  it.each([
    ['pending', 'started', 'active'],
    ['pending', 'failed', 'failed'],
    ['pending', 'withdrawn', 'cancelled'],
    ['active', 'started', 'active'],
    ['active', 'failed', 'failed'],
    ['active', 'ended', 'ended'],
    ['ended', 'resumed', 'pending'],
    ['failed', 'resumed', 'pending'],
  ] as const)('%s + %s → %s', (status, fact, next) => {
    expect(nextStatus(status, fact, false)).toBe(next);
  });

  it('takes a session that has run before back to ended when its resumption is withdrawn', () => {
    expect(nextStatus('pending', 'withdrawn', true)).toBe('ended');
  });

  it('lets nothing but a resumption open a closed session', () => {
    const closed = Object.values(SessionStatus).filter((status) => !isOpen(status));
    expect(closed).toEqual(['ended', 'failed', 'cancelled']);
    for (const status of closed) {
      for (const fact of facts.filter((fact) => fact !== 'resumed')) expect(nextStatus(status, fact, true)).toBeNull();
    }
    expect(nextStatus('cancelled', 'resumed', true)).toBeNull();
  });

  it('does not take the end of an earlier run for that of the one that waits', () => {
    expect(nextStatus('pending', 'ended', true)).toBeNull();
  });

  it('does not resume what is open', () => {
    expect(nextStatus('active', 'resumed', true)).toBeNull();
    expect(nextStatus('pending', 'resumed', true)).toBeNull();
  });
});
