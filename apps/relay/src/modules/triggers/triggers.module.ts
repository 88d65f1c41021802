import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { DeliveriesModule } from '../deliveries/index.js';
import { RunnersModule } from '../runners/index.js';
import { SessionsModule } from '../sessions/index.js';
import { FireTrigger } from './firing/fire-trigger.js';
import { FiringController } from './firing/firing.controller.js';
import { TriggerListeners } from './firing/trigger-listeners.js';
import { HistoryController } from './history/history.controller.js';
import { TriggerState } from './history/trigger-state.js';
import { AnswerAgent } from './subscriptions/answer-agent.js';
import { ChangeSubscriptions } from './subscriptions/change-subscriptions.js';
import { Subscribe } from './subscriptions/subscribe.js';
import { SubscriptionNews } from './subscriptions/subscription-news.js';
import { SubscriptionRepository } from './subscriptions/subscription.repository.js';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.js';
import { Subscriptions } from './subscriptions/subscriptions.js';
import { TriggerRequestsGateway } from './subscriptions/trigger-requests.gateway.js';
import { TriggerTypes } from './types/trigger-types.js';

/** Facts that are fired: which types there are, who wants which, and what becomes of each. */
@Module({
  imports: [AuthModule, DeliveriesModule, RunnersModule, SessionsModule],
  controllers: [FiringController, HistoryController, SubscriptionsController],
  providers: [
    // Which types there are.
    TriggerTypes,
    // Who wants which.
    SubscriptionRepository,
    SubscriptionNews,
    Subscriptions,
    Subscribe,
    ChangeSubscriptions,
    AnswerAgent,
    TriggerRequestsGateway,
    TriggerListeners,
    // What becomes of each.
    FireTrigger,
    TriggerState,
  ],
  exports: [FireTrigger, TriggerListeners, TriggerTypes],
})
export class TriggersModule {}
