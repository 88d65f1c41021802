import { Module } from '@nestjs/common';
import { AttachmentsModule } from '../attachments/index.js';
import { AuthModule } from '../auth/index.js';
import { DeliveriesModule } from '../deliveries/index.js';
import { RunnersModule } from '../runners/index.js';
import { SessionsModule } from '../sessions/index.js';
import { BuryAfterSessions } from './burying/bury-after-sessions.js';
import { BuryDeliveries } from './burying/bury-deliveries.js';
import { BuryInbox } from './burying/bury-inbox.js';
import { ExpireDeliveries } from './burying/expire-deliveries.js';
import { SessionFatesRepository } from './burying/session-fates.repository.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersMetric } from './dead-letters.metrics.js';
import { LetterClaims } from './letter-claims.js';
import { ListDeadLetters } from './list-dead-letters.js';
import { ChangeLetters } from './replaying/change-letters.js';
import { DiscardLetters } from './replaying/discard-letters.js';
import { ReplayLetters } from './replaying/replay-letters.js';
import { ReplayRefusals } from './replaying/replay-refusals.js';

/** Deliveries that ran out of attempts, time or target: kept until a person replays or discards them. */
@Module({
  imports: [AttachmentsModule, AuthModule, DeliveriesModule, RunnersModule, SessionsModule],
  controllers: [DeadLettersController],
  providers: [
    DeadLetterRepository,
    ListDeadLetters,
    DeadLettersMetric,
    LetterClaims,
    // How deliveries die.
    SessionFatesRepository,
    BuryDeliveries,
    BuryInbox,
    BuryAfterSessions,
    ExpireDeliveries,
    // What a person does with them.
    ChangeLetters,
    ReplayLetters,
    ReplayRefusals,
    DiscardLetters,
  ],
  exports: [ListDeadLetters],
})
export class DeadLettersModule {}
