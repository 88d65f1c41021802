export { EventLog, type ReadEvents, UnregisteredWorkerError } from './event-log.js';
export { parseBatch, parsePublishedEvents } from './session-event.parse.js';
