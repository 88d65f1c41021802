import { v7 } from 'uuid';
import { searchTextOf } from '../src/modules/sessions/search-text.js';
import type { SessionEntity } from '../src/modules/sessions/session.entity.js';

/** A session as its table holds it, for tests that need many. */
export function aSessionRow(
  owned: Pick<SessionEntity, 'ownerId' | 'runnerId'>,
  fields: Partial<SessionEntity> = {},
): SessionEntity {
  const at = fields.createdAt ?? new Date();
  const row = {
    sessionId: v7(),
    organisationId: 'org_1',
    parentSessionId: null,
    forkedFrom: null,
    rootSessionId: null,
    depth: 0,
    name: 'A session',
    cwd: '/srv/code',
    modelProvider: null,
    modelId: null,
    status: 'ended' as const,
    activity: null,
    questions: null,
    failure: null,
    usage: null,
    sandbox: null,
    isPinned: false,
    transcribedSeq: 0,
    branchSeq: 0,
    openItems: {},
    isInterrupted: false,
    isStopping: false,
    isFolderReal: false,
    sandboxFrame: null,
    startedAt: at,
    spawnedSeq: 0,
    listenerId: null,
    triggerId: null,
    triggerOrder: null,
    isHeld: false,
    maxWaitMs: null,
    waitsSince: null,
    firstTurnAt: null,
    isMissedRun: false,
    createdAt: at,
    updatedAt: at,
    ...owned,
    ...fields,
  };
  return { ...row, searchText: searchTextOf(row) };
}
