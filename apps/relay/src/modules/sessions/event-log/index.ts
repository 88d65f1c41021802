export { EventLog, UnregisteredWorkerError } from './event-log.js';
export { fitsCatalog, parsePublishedEvents } from './session-event.parse.js';
