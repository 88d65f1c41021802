import { describe, expect, it } from 'vitest';
import { aSession } from '../../../testing/fixtures';
import { isSessionView } from './message-shapes';

describe('a session that the relay tells of', () => {
  it.each([
    ['is none of an older relay', undefined, true],
    ['is none', null, true],
    ['has an entry', { sessionId: 's1', entryId: 'e1' }, true],
    ['begins before all', { sessionId: 's1', entryId: null }, true],
    ['does not say where', { sessionId: 's1' }, false],
    ['does not say which', { entryId: 'e1' }, false],
    ['is a mere id', 's1', false],
  ])('may be a fork: %s', (_what, forkedFrom, fits) => {
    const session: object = { ...aSession(), ...(forkedFrom !== undefined && { forkedFrom }) };
    expect(isSessionView(session)).toBe(fits);
  });
});
