import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { BranchView, ForkView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { ApiProblem } from '../../../core/api/api-problem';
import { SessionsApi } from '../../../core/api/sessions-api';
import { type Conversation, emptyConversation } from '../conversation/conversation';
import { SessionBranches } from './session-branches';

const way = (entryId: string, isCurrent = false): BranchView => ({
  entryId,
  seq: 1,
  kind: 'user',
  text: `Said ${entryId}`,
  ts: '2026-11-20T10:00:00.000Z',
  isCurrent,
});
const fork = (parentEntryId: string, isAhead: boolean, ...branches: BranchView[]): ForkView => ({
  parentEntryId,
  isAhead,
  branches,
});

describe('the branches of the open session', () => {
  const conversation = signal<Conversation | undefined>(undefined);
  let asked: string[];
  let answers: { forks: ForkView[]; lastSeq: number }[];
  let refusal: ApiProblem | null;
  let branches: SessionBranches;

  beforeEach(() => {
    [asked, answers, refusal] = [[], [], null];
    conversation.set(emptyConversation());
    const api = {
      branches: (sessionId: string) => {
        asked.push(sessionId);
        return Promise.resolve(answers.shift() ?? { forks: [], lastSeq: 1_000 });
      },
      changeBranch: () => (refusal === null ? Promise.resolve() : Promise.reject(refusal)),
    };
    TestBed.configureTestingModule({ providers: [SessionBranches, { provide: SessionsApi, useValue: api }] });
    branches = TestBed.inject(SessionBranches);
    branches.of(() => 's1', { conversation, isChangeable: () => true });
    TestBed.tick();
  });

  function change(fields: Partial<Conversation>): void {
    conversation.update((now) => ({ ...(now ?? emptyConversation()), ...fields }));
    TestBed.tick();
  }

  it('are not asked for where there are none, and once for a change, whatever is told in between', () => {
    change({ liveEntries: 1 });
    expect(asked).toEqual([]);
    change({ branchSeq: 7 });
    change({ liveEntries: 2 });
    change({ activitySince: '2026-11-20T10:00:00.000Z' });
    expect(asked).toEqual(['s1']);
  });

  it('are asked for again while the relay knows less than was told', async () => {
    answers = [
      { forks: [], lastSeq: 6 },
      { forks: [fork('a', false, way('b'), way('c', true), way('d'))], lastSeq: 7 },
    ];
    change({ branchSeq: 7 });
    await expect.poll(() => branches.placeOf('c')).toEqual({ index: 2, count: 3, previous: 'b', next: 'd' });
    expect(asked).toHaveLength(2);
    expect(branches.placeOf('b')).toMatchObject({ index: 1, previous: null });
    expect(branches.placeOf('a')).toBeNull();
    expect(branches.ahead()).toBeNull();
  });

  it('tell what is ahead of where it was taken back to', async () => {
    answers = [{ forks: [fork('a', true, way('b'))], lastSeq: 9 }];
    change({ branchSeq: 9 });
    await expect.poll(() => branches.ahead()?.branches.map(({ text }) => text)).toEqual(['Said b']);
    expect(branches.placeOf('b')).toBeNull();
  });

  it('say why they could not be changed', async () => {
    refusal = new ApiProblem({ status: 409, code: 'session_busy', detail: 'The agent is working.' });
    expect(await branches.change('b', 'end')).toBe(false);
    expect(branches.problem()).toBe('The agent is working.');
    refusal = null;
    expect(branches.wentToEnd()).toBe(0);
    expect(await branches.change('b', 'end')).toBe(true);
    expect(branches.wentToEnd()).toBe(1);
    expect(branches.problem()).toBeNull();
  });
});
