import { Module } from '@nestjs/common';
import { BusIndex } from './bus/bus-index.js';
import { BusSweep } from './bus/bus-sweep.js';
import { DeliverApart } from './bus/deliver-apart.js';
import { DeliverEntries } from './bus/deliver-entries.js';
import { DeliverItemProcessor } from './bus/deliver-item.processor.js';
import { FanOutTriggerProcessor } from './bus/fan-out-trigger.processor.js';
import { FanOut } from './bus/fan-out.js';
import { ReadEntryProcessor } from './bus/read-entry.processor.js';
import { RunnerBus } from './bus/runner-bus.js';
import { DeadLetterSink } from './dead-letter-sink.js';
import { DirectDeliveries } from './direct/direct-deliveries.js';
import { DirectlySent } from './direct/directly-sent.js';
import { TriggerResponses } from './history/trigger-responses.js';
import { TriggerHistory } from './history/trigger-history.js';
import { InboxFeeds } from './inbox/inbox-feeds.js';
import { ReceiveDeliveries } from './inbox/receive-deliveries.js';
import { SessionInbox } from './inbox/session-inbox.js';
import { TriggerRecords } from './records/trigger-records.js';
import { OutsideInbox } from './waiting/outside-inbox.js';
import { WaitingTriggers } from './waiting/waiting-triggers.js';

/** What was accepted for sessions and has not reached them yet: it is on a runner's bus, then in a session's inbox, unless a worker took it at once. */
@Module({
  providers: [
    TriggerRecords,
    // The bus of each runner.
    BusIndex,
    RunnerBus,
    DeliverEntries,
    DeliverApart,
    FanOut,
    BusSweep,
    FanOutTriggerProcessor,
    DeliverItemProcessor,
    ReadEntryProcessor,
    DirectDeliveries,
    DirectlySent,
    // The inbox of each session.
    SessionInbox,
    InboxFeeds,
    ReceiveDeliveries,
    TriggerHistory,
    TriggerResponses,
    OutsideInbox,
    WaitingTriggers,
    DeadLetterSink,
  ],
  exports: [
    DeadLetterSink,
    DirectDeliveries,
    DirectlySent,
    InboxFeeds,
    ReceiveDeliveries,
    RunnerBus,
    SessionInbox,
    TriggerHistory,
    TriggerRecords,
    TriggerResponses,
    WaitingTriggers,
  ],
})
export class DeliveriesModule {}
