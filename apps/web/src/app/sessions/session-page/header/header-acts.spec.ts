import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { SessionView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aSession } from '../../../../testing/fixtures';
import { RunnersStore } from '../../../runners/runners-store';
import { RunnerModels } from '../../../runners/runner-models';
import { Commands } from '../../../core/commands';
import { InspectorDock } from '../inspector/inspector-dock';
import { SessionDeletion } from '../../session-deletion';
import { SessionForks } from '../../session-forks';
import { SessionActions } from '../../session-actions';
import { SessionsStore } from '../../sessions-store';
import { SessionFacts } from '../session-facts';
import { HeaderActs } from './header-acts';

describe('HeaderActs', () => {
  const session = signal<SessionView | undefined>(undefined);
  const actions = { resume: vi.fn(), togglePin: vi.fn() };
  const forks = { whole: vi.fn() };

  beforeEach(() => {
    vi.resetAllMocks();
    session.set(undefined);
    TestBed.configureTestingModule({
      providers: [
        HeaderActs,
        { provide: InspectorDock, useValue: {} },
        { provide: RunnerModels, useValue: {} },
        { provide: RunnersStore, useValue: { byId: () => new Map(), isLoaded: () => true } },
        { provide: SessionActions, useValue: actions },
        { provide: SessionForks, useValue: forks },
        { provide: SessionsStore, useValue: { session: () => session() } },
      ],
    });
    const facts = TestBed.runInInjectionContext(() => new SessionFacts(signal('s1'), signal(null)));
    TestBed.inject(HeaderActs).of(facts);
  });

  function labels(): string[] {
    TestBed.tick();
    return TestBed.inject(Commands)
      .all()
      .map(({ label }) => label);
  }
  const run = (id: string): void =>
    TestBed.inject(Commands)
      .all()
      .find((command) => command.id === id)
      ?.run();

  it('offers in the palette what can be done with the session as it is now', () => {
    expect(labels()).toEqual([]);
    session.set(aSession({ status: 'pending', activity: null }));
    expect(labels()).toContain('Cancel this session');
    session.set(aSession({ status: 'active', activity: 'idle' }));
    expect(labels()).toContain('End this session');
    expect(labels()).not.toContain('Resume this session');
    const ended = aSession({ status: 'ended', activity: null, isPinned: true });
    session.set(ended);
    expect(labels()).toEqual([
      'Resume this session',
      'Unpin this session',
      'Fork this session',
      'Copy the link to this session',
      'Delete this session…',
    ]);
    run('session:resume');
    expect(actions.resume).toHaveBeenCalledWith(ended);
    session.set(aSession({ status: 'cancelled', activity: null }));
    expect(labels()).not.toContain('Resume this session');
  });

  it.each(['active', 'ended', 'failed', 'cancelled'] as const)('forks one that is %s', (status) => {
    const it = aSession({ status, activity: null });
    session.set(it);
    expect(labels()).toContain('Fork this session');
    run('session:fork');
    expect(forks.whole).toHaveBeenCalledWith(it);
  });

  it('has nothing to fork before it has begun', () => {
    session.set(aSession({ status: 'pending', activity: null, lastEventSeq: 0 }));
    expect(labels()).toContain('Cancel this session');
    expect(labels()).not.toContain('Fork this session');
  });

  it('asks before it deletes', () => {
    const it = aSession();
    session.set(it);
    expect(labels()).toContain('Delete this session…');
    run('session:delete');
    expect(TestBed.inject(SessionDeletion).asked()).toEqual(it);
  });
});
