import { Module } from '@nestjs/common';
import { SessionInbox } from './inbox/session-inbox.js';

/** What was accepted for sessions and has not reached them: it is in a runner's bus, then in a session's inbox. */
@Module({
  providers: [SessionInbox],
  exports: [SessionInbox],
})
export class DeliveriesModule {}
