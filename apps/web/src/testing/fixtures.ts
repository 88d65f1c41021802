import type { RunnerView, SessionView } from '@pizzapi/protocol';

let count = 0;

/** A session of the runner `r1`, idle and connected. */
export function aSession(changes: Partial<SessionView> = {}): SessionView {
  const number = ++count;
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString();
  return {
    sessionId: `session-${number}`,
    name: `Session ${number}`,
    runnerId: 'r1',
    cwd: '/home/ada/code/app',
    model: { provider: 'demo', id: 'demo' },
    status: 'active',
    activity: 'idle',
    isConnected: true,
    isPinned: false,
    parentSessionId: null,
    ownerId: 'usr_1',
    createdAt: time,
    updatedAt: time,
    lastEventSeq: 10,
    viewers: [],
    failure: null,
    usage: null,
    ...changes,
  };
}

export function aRunner(changes: Partial<RunnerView> = {}): RunnerView {
  return {
    runnerId: 'r1',
    name: 'build-1',
    online: true,
    platform: 'linux',
    version: '0.1.0',
    roots: ['/home/ada/code'],
    sessionCount: 0,
    lastSeenAt: null,
    services: [],
    panels: [],
    triggerDefs: [],
    sigilDefs: [],
    ...changes,
  };
}
