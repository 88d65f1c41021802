import type { PolicyNotice } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { PolicyFollower } from './policy-follower.js';

const notice = (at: number): PolicyNotice => ({
  policy: { sandbox: { mode: 'full' } },
  policyAt: new Date(at).toISOString(),
});

describe('a session that follows its organisation', () => {
  let followed: { notice: PolicyNotice; settle: PromiseWithResolvers<boolean> }[];
  const startAnew = vi.fn();
  const follow = (given: PolicyNotice): Promise<boolean> => {
    const settle = Promise.withResolvers<boolean>();
    followed.push({ notice: given, settle });
    return settle.promise;
  };
  const follower = (policyAt: string | null = null) =>
    new PolicyFollower(policyAt, createLogger('worker', 'silent'), startAnew);

  beforeEach(() => {
    followed = [];
    startAnew.mockReset();
  });

  it('is told before it is open, and of the latest change only', async () => {
    const session = follower();
    session.changed(notice(1));
    session.begin(follow);
    session.changed(notice(2));
    session.changed(notice(3));
    expect(followed.map((each) => each.notice)).toEqual([notice(1)]);
    followed[0]?.settle.resolve(true);
    await vi.waitFor(() => expect(followed).toHaveLength(2));
    expect(followed[1]?.notice).toEqual(notice(3));
    followed[1]?.settle.resolve(true);
  });

  it('is not told again what it has, but that there is a policy no more', () => {
    const session = follower(notice(1).policyAt);
    session.begin(follow);
    session.changed(notice(1));
    expect(followed).toEqual([]);
    session.changed({ policy: null, policyAt: null });
    expect(followed).toHaveLength(1);
  });

  it.each([
    ['cannot hold it', () => followed[0]?.settle.resolve(false)],
    ['fails to', () => followed[0]?.settle.reject(new Error('no space left'))],
  ])('starts anew where it %s', async (_what, end) => {
    const session = follower();
    session.begin(follow);
    session.changed(notice(1));
    end();
    await vi.waitFor(() => expect(startAnew).toHaveBeenCalledOnce());
    session.changed(notice(2));
    expect(followed).toHaveLength(1);
  });
});
