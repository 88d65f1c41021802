import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Attachment, type DeliverAs, IdPrefix } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { invalid } from '../../../platform/http/problem.error.js';
import { Replicas } from '../../../platform/redis/replicas.js';
import { SendAttachments } from '../../attachments/index.js';
import { RunnerBus } from '../../deliveries/index.js';
import { sessionEnded } from '../session-ended.js';
import { isOpen } from '../session-status.js';
import type { SessionEntity } from '../session.entity.js';
import type { SessionStarter } from '../spawning/create-session.js';

const DELIVERED_WITHIN_MS = 500;

export interface SaidInput {
  text: string;
  deliverAs: DeliverAs;
  /** Ids of files that were uploaded to the session. */
  attachments?: readonly string[] | undefined;
}

/** Accepts what a person says to a session. Once accepted, it reaches the session's file exactly once. */
@Injectable()
export class SendInput {
  constructor(
    private readonly attachments: SendAttachments,
    private readonly bus: RunnerBus,
    private readonly replicas: Replicas,
    private readonly logger: PinoLogger,
  ) {}

  /** @returns the input's id; the same operation again returns the same input. @throws ProblemError `session_ended`, `invalid_request` */
  async run(
    author: SessionStarter,
    session: SessionEntity,
    operationId: string,
    { text, deliverAs, attachments: attachmentIds = [] }: SaidInput,
  ): Promise<string> {
    if (!isOpen(session.status)) throw sessionEnded(session.status, 'resume it to go on');
    if (text === '' && attachmentIds.length === 0) throw invalid('text', 'should not be empty');
    const inputId = IdPrefix.input + operationId;
    const attachments = await this.attachments.hold(session.sessionId, inputId, attachmentIds);
    await this.bus.append(session.runnerId, session.sessionId, {
      deliveryId: inputId,
      kind: 'input',
      deliverAs,
      ts: new Date().toISOString(),
      text,
      authorId: author.userId,
      authorName: author.name,
      ...(attachments.length === 0 ? {} : { attachments }),
      ...(author.fromSessionId === undefined ? {} : { fromSessionId: author.fromSessionId }),
    });
    await this.replicas.confirm();
    await this.claim(session, inputId, attachments);
    await this.untilDelivered(session.runnerId);
    return inputId;
  }

  /** The message is accepted even if this fails: a worker that fetches a file claims it as well. */
  private async claim(
    { sessionId }: SessionEntity,
    inputId: string,
    attachments: readonly Attachment[],
  ): Promise<void> {
    await this.attachments.claim(sessionId, attachments, inputId).catch((error: unknown) => {
      this.logger.warn({ err: error, inputId }, 'The files of a message wait for its worker to claim them');
    });
  }

  /**
   * Waits until the input can be seen among what waits, or taken back, but not for long: the bus may be slow, or another replica may be
   * reading it.
   */
  private async untilDelivered(runnerId: string): Promise<void> {
    const isTooLate = pause(DELIVERED_WITHIN_MS, undefined, { ref: false });
    await Promise.race([this.bus.drain(runnerId).catch(() => this.bus.wake(runnerId)), isTooLate]);
  }
}
