import type { PolicyNotice } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../logging/logger.js';
import type { OpenedAgent, PolicyHold } from './agent-session.js';
import { PolicyFollower, type StartAnew } from './policy-follower.js';

const notice = (at: number): PolicyNotice => ({
  policy: { sandbox: { mode: 'full' } },
  policyAt: new Date(at).toISOString(),
});

describe('a session that follows its organisation', () => {
  let followed: { notice: PolicyNotice; settle: PromiseWithResolvers<PolicyHold> }[];
  const startAnew = vi.fn<StartAnew>();
  const keepPolicy = vi.fn<OpenedAgent['keepPolicy']>();
  const followPolicy = (given: PolicyNotice): Promise<PolicyHold> => {
    const settle = Promise.withResolvers<PolicyHold>();
    followed.push({ notice: given, settle });
    return settle.promise;
  };
  const opened = { followPolicy, keepPolicy };
  const follower = (policyAt: string | null = null) =>
    new PolicyFollower(policyAt, createLogger('worker', 'silent'), startAnew);

  beforeEach(() => {
    followed = [];
    startAnew.mockReset();
    keepPolicy.mockReset();
  });

  it('is told before it is open, and of the latest change only', async () => {
    const session = follower();
    session.changed(notice(1));
    session.begin(opened);
    session.changed(notice(2));
    session.changed(notice(3));
    expect(followed.map((each) => each.notice)).toEqual([notice(1)]);
    followed[0]?.settle.resolve('anew-at-rest');
    await vi.waitFor(() => expect(followed).toHaveLength(2));
    expect(followed[1]?.notice).toEqual(notice(3));
    followed[1]?.settle.resolve('held');
    // That it was to end is taken back.
    await vi.waitFor(() => expect(startAnew.mock.calls).toEqual([['at-rest'], ['never']]));
  });

  it('is not told again what it has, but that there is a policy no more', () => {
    const session = follower(notice(1).policyAt);
    session.begin(opened);
    session.changed(notice(1));
    expect(followed).toEqual([]);
    session.changed({ policy: null, policyAt: null });
    expect(followed).toHaveLength(1);
  });

  it.each([
    ['cannot hold it', () => followed[0]?.settle.resolve('anew')],
    ['fails to', () => followed[0]?.settle.reject(new Error('no space left'))],
  ])('starts anew where it %s', async (_what, end) => {
    const session = follower();
    session.begin(opened);
    session.changed(notice(1));
    end();
    await vi.waitFor(() => expect(startAnew.mock.calls).toEqual([['now']]));
    session.changed(notice(2));
    expect(followed).toHaveLength(1);
  });

  it('says that a newer one is not understood, whenever that is heard, until it follows another one', async () => {
    const news = { detail: 'Update the runner.' };
    const session = follower();
    session.notUnderstood(news);
    session.begin(opened);
    expect(keepPolicy.mock.calls).toEqual([[news]]);
    session.changed(notice(1));
    session.notUnderstood(news);
    followed[0]?.settle.resolve('held');
    await vi.waitFor(() => expect(keepPolicy).toHaveBeenCalledTimes(2));
    session.changed(notice(2));
    followed[1]?.settle.resolve('held');
    await vi.waitFor(() => expect(startAnew).toHaveBeenCalledTimes(2));
    expect(keepPolicy).toHaveBeenCalledTimes(2);
  });
});
