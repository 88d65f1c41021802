import { Injectable } from '@nestjs/common';
import { type OutputPiece, ProblemCode, RunnerAbility } from '@pizzapi/protocol';
import { conflict, ProblemError } from '../../../platform/http/problem.error.js';
import type { Caller } from '../../auth/index.js';
import { RunnerAbilities } from '../../runners/index.js';
import { AskWorker, SessionAccess } from '../../sessions/index.js';
import type { TranscriptEntryEntity } from '../transcript-entry.entity.js';
import { TranscriptProjector } from '../transcript-projector.js';
import { TranscriptRepository } from '../transcript.repository.js';

/** The whole output of a tool. */
export interface ToolOutput {
  entry: TranscriptEntryEntity;
  /** How many there are. */
  bytes: number;
  /** Piece by piece, each asked for when it is wanted: no output is in memory whole. */
  pieces: AsyncGenerator<Buffer>;
}

class OutputLengthError extends Error {
  constructor({ sessionId, entryId }: TranscriptEntryEntity) {
    super(`The output of entry ${entryId} of session ${sessionId} is not as long as its worker has said.`);
    this.name = 'OutputLengthError';
  }
}

/** Reads the output of a finished tool call from its session's file, by the session's worker. A paused session is brought back for it. */
@Injectable()
export class ReadOutput {
  constructor(
    private readonly access: SessionAccess,
    private readonly transcripts: TranscriptRepository,
    private readonly projector: TranscriptProjector,
    private readonly runners: RunnerAbilities,
    private readonly worker: AskWorker,
  ) {}

  /**
   * @throws ProblemError `not_found`, `entry_unknown`, `no_tool_output`, `runner_too_old`, `session_ended`, `session_disconnected`; in the
   *   middle too, when the session ends or its worker leaves
   */
  async run(caller: Caller, sessionId: string, entryId: string): Promise<ToolOutput> {
    const { runnerId } = await this.access.require(sessionId, caller);
    const entry = await this.find(sessionId, entryId);
    if (entry.kind !== 'tool')
      throw conflict(
        ProblemCode.noToolOutput,
        'The entry is not the result of a tool, so it has no output to download. The transcript has all of it.',
      );
    const abilities = await this.runners.of(runnerId);
    // An older worker would not answer. Of a runner that was removed none is attached, as the answer says then.
    if (abilities && !abilities.has(RunnerAbility.readOutput))
      throw conflict(
        ProblemCode.runnerTooOld,
        'The runner of this session has not said that it can send the output of tools. Update PizzaPi on its machine and start it again, then download the output.',
      );
    const first = await this.piece(caller, entry, 0);
    return { entry, bytes: first.bytes, pieces: this.pieces(caller, entry, first) };
  }

  private async find(sessionId: string, entryId: string): Promise<TranscriptEntryEntity> {
    const found = await this.transcripts.whole(sessionId, entryId);
    if (found) return found;
    // A viewer may know of it before the transcript does.
    await this.projector.catchUp(sessionId);
    const entry = await this.transcripts.whole(sessionId, entryId);
    if (!entry) throw outputGone('The session has no such entry.');
    return entry;
  }

  /**
   * @throws OutputLengthError before it yields what is not as long as the first piece has said. An answer over HTTP has announced that length:
   *   the bytes after it would count as the next answer on the same connection.
   */
  private async *pieces(caller: Caller, entry: TranscriptEntryEntity, first: OutputPiece): AsyncGenerator<Buffer> {
    let left = first.bytes;
    for (let piece = first; ;) {
      const bytes = Buffer.from(piece.text);
      left -= bytes.length;
      if (left < 0 || (piece.next === null && left > 0)) throw new OutputLengthError(entry);
      yield bytes;
      if (piece.next === null) return;
      piece = await this.piece(caller, entry, piece.next);
    }
  }

  /** Whose the session is, and whether it is paused, may have changed since the piece before. */
  private async piece(
    caller: Caller,
    { sessionId, entryId }: TranscriptEntryEntity,
    from: number,
  ): Promise<OutputPiece> {
    const session = await this.access.require(sessionId, caller);
    try {
      return await this.worker.readOutput(session, { entryId, from });
    } catch (error) {
      if (error instanceof ProblemError && error.code === ProblemCode.entryUnknown)
        throw outputGone("The session's file no longer has this entry. The transcript has what is left of its output.");
      throw error;
    }
  }
}

function outputGone(detail: string): ProblemError {
  return new ProblemError(404, ProblemCode.entryUnknown, detail);
}
