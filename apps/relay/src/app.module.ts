import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import { databaseSchema } from './database-schema.js';
import { ApprovalsModule } from './modules/approvals/index.js';
import { AttachmentsModule } from './modules/attachments/index.js';
import { AuthModule } from './modules/auth/index.js';
import { ChildrenModule } from './modules/children/index.js';
import { DeadLettersModule } from './modules/dead-letters/index.js';
import { DeliveriesModule } from './modules/deliveries/index.js';
import { HealthModule } from './modules/health/index.js';
import { HubModule } from './modules/hub/index.js';
import { ListenersModule } from './modules/listeners/index.js';
import { OrgsModule } from './modules/orgs/index.js';
import { RunnersModule } from './modules/runners/index.js';
import { ServicesModule } from './modules/services/index.js';
import { SessionsModule } from './modules/sessions/index.js';
import { TranscriptsModule } from './modules/transcripts/index.js';
import { TriggersModule } from './modules/triggers/index.js';
import { TunnelModule } from './modules/tunnel/index.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { ObservabilityModule } from './platform/observability/observability.module.js';
import { QueuesModule } from './platform/queues/queues.module.js';
import { RedisModule } from './platform/redis/redis.module.js';
import { SecretsModule } from './platform/secrets/secrets.module.js';
import { SocketsModule } from './platform/sockets/sockets.module.js';
import { StreamsModule } from './platform/streams/streams.module.js';

@Module({
  imports: [
    // The order of the platform is the order of the start, and backwards that of the stop (`onApplicationShutdown`): consumers and
    // workers end before the connections they use, those before the relay's own Redis.
    ConfigModule,
    ObservabilityModule,
    SecretsModule,
    RedisModule,
    DatabaseModule.forRoot(databaseSchema),
    SocketsModule,
    HttpModule,
    QueuesModule,
    StreamsModule,
    // Routes are tried in this order: what is called most comes first.
    TriggersModule,
    AuthModule,
    OrgsModule,
    RunnersModule,
    ServicesModule,
    DeliveriesModule,
    AttachmentsModule,
    SessionsModule,
    ApprovalsModule,
    TranscriptsModule,
    ChildrenModule,
    ListenersModule,
    DeadLettersModule,
    TunnelModule,
    HubModule,
    HealthModule,
  ],
})
export class AppModule {}
