import { Injectable } from '@nestjs/common';
import { type DeliverAs, IdPrefix, ProblemCode } from '@pizzapi/protocol';
import { conflict } from '../../../platform/http/problem.error.js';
import { Replicas } from '../../../platform/redis/replicas.js';
import type { Caller } from '../../auth/index.js';
import { SessionInbox } from '../../deliveries/index.js';
import { isOpen } from '../session-status.js';
import type { SessionEntity } from '../session.entity.js';

/** Accepts what a person says to a session: from here on it reaches the session's file exactly once. */
@Injectable()
export class SendInput {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly replicas: Replicas,
  ) {}

  /** @returns the input's id. With the same operation again, the same input. */
  async run(
    caller: Caller,
    session: SessionEntity,
    operationId: string,
    text: string,
    deliverAs: DeliverAs,
  ): Promise<string> {
    if (!isOpen(session.status))
      throw conflict(ProblemCode.sessionEnded, `The session is ${session.status}; resume it to go on.`);
    const inputId = IdPrefix.input + operationId;
    await this.inbox.append(session.sessionId, {
      deliveryId: inputId,
      kind: 'input',
      deliverAs,
      ts: new Date().toISOString(),
      text,
      authorId: caller.userId,
      authorName: caller.name,
    });
    await this.replicas.confirm();
    return inputId;
  }
}
