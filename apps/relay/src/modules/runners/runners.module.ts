import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { OrgsModule } from '../orgs/index.js';
import { AdmitRunner } from './connection/admit-runner.js';
import { AdmitTunnel } from './connection/admit-tunnel.js';
import { AdoptRunners } from './connection/adopt-runners.js';
import { AnnounceServices } from './offers/announce-services.js';
import { AskRunner } from './connection/ask-runner.js';
import { CheckFolder } from './folders/check-folder.js';
import { ListFolders } from './folders/list-folders.js';
import { FormerOwners } from './former-owners.js';
import { OrderPolicy } from './orders/order-policy.js';
import { PanelKeepers } from './offers/panel-keepers.js';
import { RemoveRunner } from './remove-runner.js';
import { RunnerAbsence } from './connection/runner-absence.js';
import { RunnerAbilities } from './runner-abilities.js';
import { RunnerAccess } from './runner-access.js';
import { RunnerInbox } from './orders/runner-inbox.js';
import { RunnerOffers } from './offers/runner-offers.js';
import { RunnerPresence } from './connection/runner-presence.js';
import { RunnerSessions } from './runner-sessions.js';
import { RunnerViews } from './runner-views.js';
import { RunnerGateway } from './connection/runner.gateway.js';
import { RunnerRepository } from './runner.repository.js';
import { RunnersController } from './runners.controller.js';
import { TellPolicy } from './orders/tell-policy.js';
import { TellWantedTriggers } from './wanted/tell-wanted-triggers.js';
import { TriggerDefJudge } from './offers/trigger-def-judge.js';
import { WantedTriggersOfRunners } from './wanted/wanted-triggers.js';
import { WantedVersion } from './wanted/wanted-version.js';

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
    CheckFolder,
    FormerOwners,
    ListFolders,
    OrderPolicy,
    PanelKeepers,
    RemoveRunner,
    RunnerAbsence,
    RunnerAbilities,
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
    TriggerDefJudge,
    WantedTriggersOfRunners,
    WantedVersion,
  ],
  exports: [
    AdmitTunnel,
    AskRunner,
    CheckFolder,
    FormerOwners,
    PanelKeepers,
    RunnerAbsence,
    RunnerAbilities,
    RunnerAccess,
    RunnerInbox,
    RunnerOffers,
    RunnerSessions,
    RunnerViews,
    TriggerDefJudge,
    WantedTriggersOfRunners,
    WantedVersion,
  ],
})
export class RunnersModule {}
