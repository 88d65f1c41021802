import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { DeliveriesModule } from '../deliveries/index.js';
import { RunnersModule } from '../runners/index.js';
import { SessionsModule } from '../sessions/index.js';
import { TriggersModule } from '../triggers/index.js';
import { DisableListeners } from './disable-listeners.js';
import { EditListeners } from './edit-listeners.js';
import { ListenerRepository } from './listener.repository.js';
import { ListenersController } from './listeners.controller.js';
import { PurgeListeners } from './purge-listeners.js';
import { AdmitHeld } from './running/admit-held.js';
import { RunListenerProcessor } from './running/run-listener.processor.js';
import { RunListener } from './running/run-listener.js';
import { StandingListeners } from './standing-listeners.js';

/** Standing orders of runners: on a matching trigger start a new session. */
@Module({
  imports: [AuthModule, DeliveriesModule, RunnersModule, SessionsModule, TriggersModule],
  controllers: [ListenersController],
  providers: [
    ListenerRepository,
    EditListeners,
    StandingListeners,
    PurgeListeners,
    DisableListeners,
    RunListener,
    RunListenerProcessor,
    AdmitHeld,
  ],
})
export class ListenersModule {}
