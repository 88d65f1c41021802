export { applySessionState } from './apply-session-state.js';
export { EventLog, parsePublishedEvents } from './event-log/index.js';
export { SessionAccess } from './session-access.js';
export { SessionViewers } from './session-viewers.js';
export { SessionViews } from './session-views.js';
export { modelOf, SessionEntity } from './session.entity.js';
export { SessionsModule } from './sessions.module.js';
