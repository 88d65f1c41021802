import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { RunnersModule } from '../runners/index.js';
import { ServicesModule } from '../services/index.js';
import { SessionsModule } from '../sessions/index.js';
import { BranchRepository } from './branches/branch.repository.js';
import { BranchesController } from './branches/branches.controller.js';
import { FindForkPoint } from './forking/find-fork-point.js';
import { ForkController } from './forking/fork.controller.js';
import { OutputsController } from './outputs/outputs.controller.js';
import { ReadOutput } from './outputs/read-output.js';
import { ProjectTranscript } from './project-transcript.js';
import { TranscriptProjector } from './transcript-projector.js';
import { TranscriptRepository } from './transcript.repository.js';
import { TranscriptsController } from './transcripts.controller.js';
import { DismissViewers } from './viewing/dismiss-viewers.js';
import { ReadSnapshot } from './viewing/read-snapshot.js';
import { SessionRooms } from './viewing/session-rooms.js';
import { ViewerGateway } from './viewing/viewer.gateway.js';

/** The transcript table, which is derived from the event logs, and browsers that watch sessions live. */
@Module({
  imports: [AuthModule, RunnersModule, ServicesModule, SessionsModule],
  controllers: [BranchesController, ForkController, OutputsController, TranscriptsController],
  providers: [
    TranscriptRepository,
    BranchRepository,
    FindForkPoint,
    ProjectTranscript,
    ReadOutput,
    TranscriptProjector,
    ReadSnapshot,
    SessionRooms,
    ViewerGateway,
    DismissViewers,
  ],
})
export class TranscriptsModule {}
