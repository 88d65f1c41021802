export { DeadLetterSink, type DeadLetters, type DeathReason } from './dead-letter-sink.js';
export { DeliveriesModule } from './deliveries.module.js';
export { deliveryIdOf, sessionIdOf } from './delivery-id.js';
export { triggerItem } from './bus/fan-out.js';
export { RunnerBus } from './bus/runner-bus.js';
export { entryOf, TriggerHistory, triggerOf } from './history/trigger-history.js';
export { TriggerResponses } from './history/trigger-responses.js';
export { DirectDeliveries } from './direct/direct-deliveries.js';
export { DirectlySent } from './direct/directly-sent.js';
export { InboxFeeds } from './inbox/inbox-feeds.js';
export { ReceiveDeliveries } from './inbox/receive-deliveries.js';
export {
  type ChangeResult,
  type DeliveryPlace,
  type NewDelivery,
  SessionInbox,
  type WaitingDelivery,
} from './inbox/session-inbox.js';
export { WorkerFeed } from './inbox/worker-feed.js';
export type { Matches } from './records/matches.js';
export { triggerOrder } from './records/trigger-order.js';
export { type Acceptance, type Settled, type TriggerRecord, TriggerRecords } from './records/trigger-records.js';
export { WaitingTriggers } from './waiting/waiting-triggers.js';
