export { RunnerAbsence } from './runner-absence.js';
export { RunnerAccess } from './runner-access.js';
export { RunnerInbox } from './runner-inbox.js';
export { RunnerSessions, type SessionsOfRunners } from './runner-sessions.js';
export { RunnerViews } from './runner-views.js';
export { RunnerEntity } from './runner.entity.js';
export { RunnersModule } from './runners.module.js';
export { type WantedTrigger, WantedTriggersOfRunners, type WantsTriggers } from './wanted-triggers.js';
export { WantedVersion } from './wanted-version.js';
