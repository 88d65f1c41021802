import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { entryUnknown } from '../entry-unknown.js';
import { TranscriptProjector } from '../transcript-projector.js';
import { TranscriptRepository } from '../transcript.repository.js';

/** Finds the entry of a session from which a fork continues. */
@Injectable()
export class FindForkPoint {
  constructor(
    private readonly transcripts: TranscriptRepository,
    private readonly projector: TranscriptProjector,
  ) {}

  /**
   * @param entryId the message before which the copy ends; undefined: it ends with the last entry
   * @returns null if there is no entry before the message
   * @throws ProblemError `entry_unknown`, `nothing_to_fork`
   */
  async run(sessionId: string, entryId: string | undefined): Promise<string | null> {
    // Includes everything up to now.
    await this.projector.catchUp(sessionId);
    if (entryId !== undefined) return this.before(sessionId, entryId);
    const lastId = await this.transcripts.lastShownEntryId(sessionId);
    if (lastId === null)
      throw new ProblemError(
        422,
        ProblemCode.nothingToFork,
        'Nothing has been said in this session yet. Start a new session instead.',
      );
    return lastId;
  }

  private async before(sessionId: string, entryId: string): Promise<string | null> {
    const message = await this.transcripts.entry(sessionId, entryId);
    if (!message) throw entryUnknown();
    if (message.kind !== 'user' && message.kind !== 'trigger')
      throw entryUnknown(
        'The entry is no message. Fork from before a message of a person or a trigger, or leave the entry out to fork the whole conversation.',
      );
    return this.transcripts.entryIdBefore(message);
  }
}
