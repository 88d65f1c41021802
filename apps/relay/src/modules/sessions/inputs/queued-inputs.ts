import { Injectable } from '@nestjs/common';
import {
  type AgentCommand,
  IdPrefix,
  type InboxItem,
  ProblemCode,
  type QueuedInput,
  type QueueState,
} from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { conflict } from '../../../platform/http/problem.error.js';
import { EventLog } from '../event-log/index.js';
import { SendAttachments } from '../../attachments/index.js';
import { type ChangeResult, SessionInbox } from '../../deliveries/index.js';
import type { SessionEntity } from '../session.entity.js';
import { AskWorker } from '../worker-link/ask-worker.js';

/**
 * What a session has still to hear: first the worker's own queue, then what waits in the relay's inbox. An input can be changed where it is; once
 * the agent has it, no more.
 */
@Injectable()
export class QueuedInputs {
  constructor(
    private readonly inbox: SessionInbox,
    private readonly log: EventLog,
    private readonly worker: AskWorker,
    private readonly attachments: SendAttachments,
    private readonly logger: PinoLogger,
  ) {}

  async list({ sessionId }: SessionEntity): Promise<QueueState> {
    const waiting = (await this.inbox.inputs(sessionId)).map(asQueued);
    const { inputs, more } = await this.log.queue(sessionId);
    // One that is just being handed over is in both.
    const known = new Set(inputs.map(({ inputId }) => inputId));
    return {
      inputs: [...inputs, ...waiting.filter(({ inputId }) => !known.has(inputId))],
      ...(more !== undefined && { more }),
    };
  }

  async edit(session: SessionEntity, inputId: string, text: string): Promise<void> {
    requireInput(inputId);
    const result = await this.inbox.edit(session.sessionId, inputId, text);
    if (result !== 'done') await this.atWorker(session, inputId, result, { command: 'edit-input', inputId, text });
  }

  async remove(session: SessionEntity, inputId: string): Promise<void> {
    requireInput(inputId);
    const result = await this.inbox.remove(session.sessionId, inputId);
    if (result !== 'done') await this.atWorker(session, inputId, result, { command: 'remove-input', inputId });
    // The message is taken back already, and its person has to get it: its files then stay as long as their session.
    await this.attachments.takeBack(session.sessionId, inputId).catch((error: unknown) => {
      this.logger.warn({ err: error, inputId }, 'The files of a message that was taken back stay with its session');
    });
  }

  private async atWorker(
    session: SessionEntity,
    inputId: string,
    result: Exclude<ChangeResult, 'done'>,
    command: AgentCommand,
  ): Promise<void> {
    const isWithWorker =
      result === 'sent' || (await this.worker.isAttached(session.sessionId)) || (await this.isQueued(session, inputId));
    if (!isWithWorker)
      throw conflict(
        ProblemCode.inputDelivered,
        'The agent has this input already, or there never was one of that id.',
      );
    await this.worker.run(session, command);
  }

  private async isQueued({ sessionId }: SessionEntity, inputId: string): Promise<boolean> {
    return (await this.log.queue(sessionId)).inputs.some((input) => input.inputId === inputId);
  }
}

/** Triggers stand in the same queue. @throws ProblemError `input_delivered` */
function requireInput(inputId: string): void {
  if (inputId.startsWith(IdPrefix.delivery))
    throw conflict(
      ProblemCode.inputDelivered,
      'This is a trigger: what was accepted is delivered, and can be neither changed nor taken back.',
    );
}

function asQueued({ deliveryId, text, deliverAs, authorName, fromSessionId, attachments, ts }: InboxItem): QueuedInput {
  return {
    inputId: deliveryId,
    text,
    deliverAs,
    ts,
    ...(authorName === undefined ? {} : { authorName }),
    ...(fromSessionId === undefined ? {} : { fromSessionId }),
    ...(attachments === undefined ? {} : { attachments }),
  };
}
