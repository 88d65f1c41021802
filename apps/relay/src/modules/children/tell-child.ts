import { Injectable } from '@nestjs/common';
import type { DeliverAs } from '@pizzapi/protocol';
import { derivedUuid } from '../../platform/ids/derived-uuid.js';
import { SendInput, type SessionEntity } from '../sessions/index.js';
import { authorOf } from './author.js';
import { ChildAccess } from './child-access.js';
import { TextLimit } from './text-limit.js';

export interface Message {
  callKey: string;
  sessionId: string;
  text: string;
  deliverAs?: DeliverAs;
}

/** A session's agent writes to its child: by the same durable way as a person's input. */
@Injectable()
export class TellChild {
  constructor(
    private readonly access: ChildAccess,
    private readonly sendInput: SendInput,
    private readonly textLimit: TextLimit,
  ) {}

  /** The same call again is the same message. @throws ProblemError `prompt_too_large`, `not_found`, `session_ended` */
  async run(parent: SessionEntity, { callKey, sessionId, text, deliverAs = 'prompt' }: Message): Promise<void> {
    this.textLimit.check(text);
    const child = await this.access.require(parent, sessionId);
    const operationId = derivedUuid(parent.sessionId, `${parent.sessionId} tells ${sessionId}\n${callKey}`);
    await this.sendInput.run(authorOf(parent), child, operationId, { text, deliverAs });
  }
}
