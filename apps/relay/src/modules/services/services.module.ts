import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { RunnersModule } from '../runners/index.js';
import { ServiceNews } from './announcing/service-news.js';
import { TellWorkersGateway } from './announcing/tell-workers.gateway.js';
import { WakeWatchers } from './announcing/wake-watchers.js';
import { EndServiceKeys } from './keys/end-service-keys.js';
import { IssueServiceKey } from './keys/issue-service-key.js';
import { ServiceKeysGateway } from './keys/service-keys.gateway.js';
import { ReadServiceLog } from './read-service-log.js';
import { ServicesController } from './services.controller.js';

/** Services of runners, as people see and command them. They run on the runner; the relay stores their announcements. */
@Module({
  imports: [AuthModule, RunnersModule],
  controllers: [ServicesController],
  providers: [
    EndServiceKeys,
    IssueServiceKey,
    ReadServiceLog,
    ServiceKeysGateway,
    ServiceNews,
    TellWorkersGateway,
    WakeWatchers,
  ],
  exports: [ServiceNews],
})
export class ServicesModule {}
