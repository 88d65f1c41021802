import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { conflict } from '../../platform/http/problem.error.js';
import { Presence } from '../../platform/sockets/presence.js';
import { EventBus } from '../../platform/streams/event-bus.js';
import { FormerOwners } from './former-owners.js';
import { RunnerInbox } from './orders/runner-inbox.js';
import { RunnerSessions } from './runner-sessions.js';
import type { RunnerEntity } from './runner.entity.js';
import { RunnerRepository } from './runner.repository.js';

/** Forgets a runner that is gone for good. Its ended sessions and their transcripts stay. */
@Injectable()
export class RemoveRunner {
  constructor(
    private readonly runners: RunnerRepository,
    private readonly sessions: RunnerSessions,
    private readonly presence: Presence,
    private readonly inbox: RunnerInbox,
    private readonly formerOwners: FormerOwners,
    private readonly bus: EventBus,
  ) {}

  async run({ runnerId, ownerId, organisationId }: RunnerEntity): Promise<void> {
    if (await this.presence.holderOf('runners', runnerId)) {
      throw conflict(ProblemCode.conflict, 'The runner is online and would come back at once; stop it first.');
    }
    const open = (await this.sessions.port.countOpen([runnerId])).get(runnerId) ?? 0;
    if (open > 0)
      throw conflict(ProblemCode.conflict, `The runner still has ${open} open session(s); stop them first.`);
    if (ownerId !== null && organisationId !== null)
      await this.formerOwners.note(runnerId, { ownerId, organisationId });
    await this.runners.delete(runnerId);
    await this.inbox.delete(runnerId);
    if (ownerId !== null) await this.bus.publish('runner.deleted', { runnerId, ownerId });
  }
}
