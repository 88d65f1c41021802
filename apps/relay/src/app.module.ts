import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { ApiKeyEntity, AuthModule, FirstAccountEntity, MemberEntity, UserEntity } from './modules/auth/index.js';
import { InvitationEntity, OrganisationEntity, OrgsModule } from './modules/orgs/index.js';
import { HealthModule } from './modules/health/health.module.js';
import { HubModule } from './modules/hub/index.js';
import { RunnerEntity, RunnersModule } from './modules/runners/index.js';
import { SessionEntity, SessionsModule } from './modules/sessions/index.js';
import { TranscriptEntryEntity, TranscriptsModule } from './modules/transcripts/index.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { ObservabilityModule } from './platform/observability/observability.module.js';
import { QueuesModule } from './platform/queues/queues.module.js';
import { RedisModule } from './platform/redis/redis.module.js';
import { SocketsModule } from './platform/sockets/sockets.module.js';
import { SecretsModule } from './platform/secrets/secrets.module.js';
import { StreamsModule } from './platform/streams/streams.module.js';
import { Accounts1732170000001 } from './migrations/1732170000001-accounts.js';
import { RunnersAndSessions1732170000002 } from './migrations/1732170000002-runners-and-sessions.js';

const entities = [UserEntity, MemberEntity, FirstAccountEntity, ApiKeyEntity, OrganisationEntity, InvitationEntity, RunnerEntity, SessionEntity, TranscriptEntryEntity];
const migrations = [Accounts1732170000001, RunnersAndSessions1732170000002];

@Module({
  imports: [
    // The order of the platform is the order of the start, and backwards that of the stop (`onApplicationShutdown`): consumers and
    // workers end before the connections they use, those before the relay's own Redis.
    ConfigModule,
    ObservabilityModule,
    SecretsModule,
    RedisModule,
    DatabaseModule.forRoot({ entities, migrations }),
    SocketsModule,
    HttpModule,
    QueuesModule,
    StreamsModule,
    AuthModule,
    OrgsModule,
    RunnersModule,
    SessionsModule,
    TranscriptsModule,
    HubModule,
    HealthModule,
  ],
})
export class AppModule {}
