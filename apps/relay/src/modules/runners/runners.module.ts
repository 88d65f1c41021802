import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { AdmitRunner } from './admit-runner.js';
import { AdoptRunners } from './adopt-runners.js';
import { AskRunner } from './ask-runner.js';
import { RemoveRunner } from './remove-runner.js';
import { RunnerAbsence } from './runner-absence.js';
import { RunnerAccess } from './runner-access.js';
import { RunnerInbox } from './runner-inbox.js';
import { RunnerPresence } from './runner-presence.js';
import { RunnerSessions } from './runner-sessions.js';
import { RunnerViews } from './runner-views.js';
import { RunnerGateway } from './runner.gateway.js';
import { RunnerRepository } from './runner.repository.js';
import { RunnersController } from './runners.controller.js';

/** Machines: who they are and whose, whether they are online, and the orders that wait for them. */
@Module({
  imports: [AuthModule],
  controllers: [RunnersController],
  providers: [
    AdmitRunner,
    AdoptRunners,
    AskRunner,
    RemoveRunner,
    RunnerAbsence,
    RunnerAccess,
    RunnerGateway,
    RunnerInbox,
    RunnerPresence,
    RunnerRepository,
    RunnerSessions,
    RunnerViews,
  ],
  exports: [RunnerAbsence, RunnerAccess, RunnerInbox, RunnerSessions, RunnerViews],
})
export class RunnersModule {}
