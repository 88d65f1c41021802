import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { RunnerView, SessionView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { RunnerModels } from '../../runners/runner-models';
import { RunnersStore } from '../../runners/runners-store';
import { SessionsStore } from '../sessions-store';
import { SessionFacts } from './session-facts';

const session = signal<Partial<SessionView>>({});
const runner = signal<Partial<RunnerView> | undefined>(undefined);

/** What stands where the conversation would be. */
function shown(): string {
  const facts = TestBed.runInInjectionContext(() => new SessionFacts(signal('s1'), signal(null)));
  return `${facts.emptyHeading()}. ${facts.emptyText()}`;
}

describe('the facts of a session without a conversation', () => {
  beforeEach(() => {
    runner.set({ runnerId: 'r1', name: 'build-1', online: true });
    TestBed.configureTestingModule({
      providers: [
        { provide: SessionsStore, useValue: { session: () => session() } },
        { provide: RunnersStore, useValue: { byId: () => new Map([['r1', runner()]]) } },
        { provide: RunnerModels, useValue: {} },
      ],
    });
  });

  it('tell whether its agent starts, or waits for its runner or for its turn', () => {
    session.set({ runnerId: 'r1', status: 'pending', isHeld: false });
    expect(shown()).toMatch(/^Starting\. build-1 starts the agent\./);
    runner.set({ runnerId: 'r1', name: 'build-1', online: false });
    expect(shown()).toBe('Waiting for its runner. The session starts as soon as its runner is online.');
    session.set({ runnerId: 'r1', status: 'pending', isHeld: true });
    expect(shown()).toMatch(/^Waiting for its turn\./);
  });

  it('tell whether something can be said', () => {
    session.set({ runnerId: 'r1', status: 'active', activity: 'idle' });
    expect(shown()).toBe('Nothing said yet. Write the first message below. @ names a file, / a command.');
    session.set({ runnerId: 'r1', status: 'ended', activity: null });
    expect(shown()).toBe('Nothing was said. It ended before it started.');
  });

  it('advise to resume only what can be resumed', () => {
    const facts = TestBed.runInInjectionContext(() => new SessionFacts(signal('s1'), signal(null)));
    session.set({ status: 'ended' });
    expect(facts.obstacle()).toBe('This session has ended. Resume it to continue.');
    session.set({ status: 'cancelled' });
    expect(facts.obstacle()).toBe('This session was cancelled before it started. Start a new one.');
  });
});
