import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { HealthModule } from './modules/health/health.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { ObservabilityModule } from './platform/observability/observability.module.js';
import { RedisModule } from './platform/redis/redis.module.js';
import { StreamsModule } from './platform/streams/streams.module.js';
import { RunnersAndSessions1732170000002 } from './migrations/1732170000002-runners-and-sessions.js';
import { RunnerEntity } from './modules/runners/runner.entity.js';
import { SessionEntity } from './modules/sessions/session.entity.js';
import { TranscriptEntryEntity } from './modules/transcripts/transcript-entry.entity.js';

const entities = [RunnerEntity, SessionEntity, TranscriptEntryEntity];
const migrations = [RunnersAndSessions1732170000002];

@Module({
  imports: [
    // The order of the platform is the order of the start, and backwards that of the stop (`onApplicationShutdown`): consumers and
    // workers end before the connections they use, those before the relay's own Redis.
    ConfigModule,
    ObservabilityModule,
    RedisModule,
    DatabaseModule.forRoot({ entities, migrations }),
    StreamsModule,
    HealthModule,
  ],
})
export class AppModule {}
