import { Module } from '@nestjs/common';
import { ApprovalsModule } from '../approvals/index.js';
import { DeliveriesModule } from '../deliveries/index.js';
import { RunnersModule } from '../runners/index.js';
import { SessionsModule } from '../sessions/index.js';
import { TriggersModule } from '../triggers/index.js';
import { AnswerAgent } from './answer-agent.js';
import { ChildAccess } from './child-access.js';
import { ChildReportRepository } from './child-report.repository.js';
import { ChildRequestsGateway } from './child-requests.gateway.js';
import { ChildViews } from './child-views.js';
import { DeliverReports } from './deliver-reports.js';
import { EscalateTrigger } from './escalate-trigger.js';
import { RespondToTrigger } from './respond-to-trigger.js';
import { StartChild } from './start-child.js';
import { StopChild } from './stop-child.js';
import { TellChild } from './tell-child.js';
import { TextLimit } from './text-limit.js';

/** What the agent of one session may do with sessions that it starts, and what those tell it. */
@Module({
  imports: [ApprovalsModule, DeliveriesModule, RunnersModule, SessionsModule, TriggersModule],
  providers: [
    // What it may do.
    AnswerAgent,
    ChildRequestsGateway,
    ChildAccess,
    ChildViews,
    TextLimit,
    StartChild,
    TellChild,
    StopChild,
    // What they tell it, and its answers.
    ChildReportRepository,
    DeliverReports,
    RespondToTrigger,
    EscalateTrigger,
  ],
})
export class ChildrenModule {}
