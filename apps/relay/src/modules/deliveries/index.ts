export { DeliveriesModule } from './deliveries.module.js';
export { type ChangeResult, type NewDelivery, SessionInbox } from './inbox/session-inbox.js';
