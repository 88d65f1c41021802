import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { OrgsModule } from '../orgs/index.js';
import { AdmitRunner } from './admit-runner.js';
import { AdmitTunnel } from './admit-tunnel.js';
import { AdoptRunners } from './adopt-runners.js';
import { AnnounceServices } from './announce-services.js';
import { AskRunner } from './ask-runner.js';
import { OrderPolicy } from './order-policy.js';
import { PanelKeepers } from './panel-keepers.js';
import { RemoveRunner } from './remove-runner.js';
import { RunnerAbsence } from './runner-absence.js';
import { RunnerAccess } from './runner-access.js';
import { RunnerInbox } from './runner-inbox.js';
import { RunnerOffers } from './runner-offers.js';
import { RunnerPresence } from './runner-presence.js';
import { RunnerSessions } from './runner-sessions.js';
import { RunnerViews } from './runner-views.js';
import { RunnerGateway } from './runner.gateway.js';
import { RunnerRepository } from './runner.repository.js';
import { RunnersController } from './runners.controller.js';
import { TellPolicy } from './tell-policy.js';
import { TellWantedTriggers } from './tell-wanted-triggers.js';
import { WantedTriggersOfRunners } from './wanted-triggers.js';
import { WantedVersion } from './wanted-version.js';

/** Machines: who they are and whose, whether they are online, and the orders that wait for them. */
@Module({
  imports: [AuthModule, OrgsModule],
  controllers: [RunnersController],
  providers: [
    AdmitRunner,
    AdmitTunnel,
    AdoptRunners,
    AnnounceServices,
    AskRunner,
    OrderPolicy,
    PanelKeepers,
    RemoveRunner,
    RunnerAbsence,
    RunnerAccess,
    RunnerGateway,
    RunnerInbox,
    RunnerOffers,
    RunnerPresence,
    RunnerRepository,
    RunnerSessions,
    RunnerViews,
    TellPolicy,
    TellWantedTriggers,
    WantedTriggersOfRunners,
    WantedVersion,
  ],
  exports: [
    AdmitTunnel,
    AskRunner,
    PanelKeepers,
    RunnerAbsence,
    RunnerAccess,
    RunnerInbox,
    RunnerOffers,
    RunnerSessions,
    RunnerViews,
    WantedTriggersOfRunners,
    WantedVersion,
  ],
})
export class RunnersModule {}
