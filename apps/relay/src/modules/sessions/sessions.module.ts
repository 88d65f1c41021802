import { Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { AttachmentsModule } from '../attachments/index.js';
import { AuthModule } from '../auth/index.js';
import { DeliveriesModule } from '../deliveries/index.js';
import { RunnersModule } from '../runners/index.js';
import { AdmitUpload } from './attachments/admit-upload.interceptor.js';
import { AttachmentRequestsGateway } from './attachments/attachment-requests.gateway.js';
import { AttachmentsController } from './attachments/attachments.controller.js';
import { uploadOptions } from './attachments/upload-options.js';
import { ChildLimits } from './children/child-limits.js';
import { EndSessionTree } from './children/end-session-tree.js';
import { SessionTreeRepository } from './children/session-tree.repository.js';
import { EditSession } from './edit-session.js';
import { EventLog } from './event-log/index.js';
import { SessionFilesController } from './files/session-files.controller.js';
import { InputsController } from './inputs/inputs.controller.js';
import { QueuedInputs } from './inputs/queued-inputs.js';
import { SendInput } from './inputs/send-input.js';
import { ListRecentFolders } from './list-recent-folders.js';
import { ListSessions } from './list-sessions.js';
import { SessionAccess } from './session-access.js';
import { SessionControlController } from './session-control.controller.js';
import { SessionViewers } from './session-viewers.js';
import { SessionViews } from './session-views.js';
import { SessionRepository } from './session.repository.js';
import { SessionsController } from './sessions.controller.js';
import { CreateSession } from './spawning/create-session.js';
import { DeleteSession } from './spawning/delete-session.js';
import { DiscardInbox } from './spawning/discard-inbox.js';
import { ExpirePending } from './spawning/expire-pending.js';
import { ForkSession } from './spawning/fork-session.js';
import { HeldSessions } from './spawning/held-sessions.js';
import { IssueWorkerToken } from './spawning/issue-worker-token.js';
import { ListenerSessionsRepository } from './spawning/listener-sessions.repository.js';
import { MissedSessions } from './spawning/missed-sessions.js';
import { OrderSpawn } from './spawning/order-spawn.js';
import { PausedSessions } from './spawning/paused-sessions.js';
import { PendingSessions } from './spawning/pending-sessions.js';
import { ResumeSession } from './spawning/resume-session.js';
import { SpawnSessionProcessor } from './spawning/spawn-session.processor.js';
import { StartSession } from './spawning/start-session.js';
import { StopSession } from './spawning/stop-session.js';
import { WakeSession } from './spawning/wake-session.js';
import { WakeSessionProcessor } from './spawning/wake-session.processor.js';
import { WorkerReports } from './spawning/worker-reports.js';
import { WorkerTokensController } from './spawning/worker-tokens.controller.js';
import { AgentGateway } from './worker-link/agent.gateway.js';
import { AskWorker } from './worker-link/ask-worker.js';
import { LastTranscribed } from './worker-link/last-transcribed.js';
import { ReceiveEvents } from './worker-link/receive-events.js';
import { RegisterWorker } from './worker-link/register-worker.js';

/** Agent conversations: their life, their event log, what is said to them, and the workers that run them. */
@Module({
  imports: [AttachmentsModule, AuthModule, DeliveriesModule, MulterModule.registerAsync(uploadOptions), RunnersModule],
  controllers: [
    AttachmentsController,
    SessionsController,
    SessionControlController,
    InputsController,
    SessionFilesController,
    WorkerTokensController,
  ],
  providers: [
    // What a session is, and who may see it.
    SessionRepository,
    SessionAccess,
    SessionViews,
    SessionViewers,
    ListSessions,
    ListRecentFolders,
    EditSession,
    // Its place in the tree of those that started one another.
    ChildLimits,
    SessionTreeRepository,
    EndSessionTree,
    // Its life.
    StartSession,
    CreateSession,
    ForkSession,
    OrderSpawn,
    SpawnSessionProcessor,
    PendingSessions,
    ExpirePending,
    WakeSession,
    WakeSessionProcessor,
    PausedSessions,
    ListenerSessionsRepository,
    HeldSessions,
    MissedSessions,
    DiscardInbox,
    StopSession,
    ResumeSession,
    DeleteSession,
    WorkerReports,
    IssueWorkerToken,
    // What is said to it.
    SendInput,
    QueuedInputs,
    AdmitUpload,
    AttachmentRequestsGateway,
    // Its worker, and what that says.
    AgentGateway,
    AskWorker,
    EventLog,
    LastTranscribed,
    ReceiveEvents,
    RegisterWorker,
  ],
  exports: [
    AskWorker,
    CreateSession,
    EventLog,
    ForkSession,
    HeldSessions,
    MissedSessions,
    ResumeSession,
    SessionAccess,
    SessionViewers,
    SessionTreeRepository,
    SessionViews,
    SendInput,
    StartSession,
    StopSession,
  ],
})
export class SessionsModule {}
