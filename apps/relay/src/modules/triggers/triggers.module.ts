import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { RunnersModule } from '../runners/index.js';
import { SessionsModule } from '../sessions/index.js';
import { TriggerTypes } from './types/trigger-types.js';

/** Facts that are fired: which types there are, who wants which, and what becomes of each. */
@Module({
  imports: [AuthModule, RunnersModule, SessionsModule],
  controllers: [],
  providers: [TriggerTypes],
  exports: [TriggerTypes],
})
export class TriggersModule {}
