import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { DeadLettersModule } from '../dead-letters/index.js';
import { RunnersModule } from '../runners/index.js';
import { SessionsModule } from '../sessions/index.js';
import { HubGateway } from './hub.gateway.js';
import { HubUpdates } from './hub-updates.js';

/** Keeps the lists in open browsers up to date. */
@Module({
  imports: [AuthModule, DeadLettersModule, SessionsModule, RunnersModule],
  providers: [HubGateway, HubUpdates],
})
export class HubModule {}
