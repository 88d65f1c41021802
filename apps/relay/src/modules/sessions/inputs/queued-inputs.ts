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
import { compareStreamIds } from '../../../platform/streams/stream-id.js';
import { EventLog } from '../event-log/index.js';
import { SendAttachments } from '../../attachments/index.js';
import { type ChangeResult, type DeliveryPlace, SessionInbox } from '../../deliveries/index.js';
import type { SessionEntity } from '../session.entity.js';
import { AskWorker } from '../worker-link/ask-worker.js';
import { encodeCursor, type InputsCursor } from './inputs-cursor.js';

/** A page of waiting inputs. `more`: how many come after them, including those that the worker has not listed. */
export interface QueuePage extends QueueState {
  nextCursor?: string;
}

/**
 * The inputs that a session has yet to hear: first those in the worker's own queue, then those in the relay's inbox. An input can be
 * changed in either place, until the agent has it.
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

  /** In the order in which the agent will get them. One that moves on between two pages may be on neither; it is about to arrive. */
  async page({ sessionId }: SessionEntity, limit: number, from?: InputsCursor): Promise<QueuePage> {
    const places = await this.inbox.inputPlaces(sessionId);
    const queue = await this.log.queue(sessionId);
    // An input that is just being handed over is in both.
    const known = new Set(queue.inputs.map(({ inputId }) => inputId));
    const waiting = places.filter(({ deliveryId }) => !known.has(deliveryId));
    const queued = from?.place === 'inbox' ? [] : after(queue.inputs, from);
    const inInbox = from?.place === 'inbox' ? waiting.filter(({ cursor }) => isAfter(cursor, from.after)) : waiting;
    const inputs = queued.slice(0, limit);
    const shown = inInbox.slice(0, limit - inputs.length);
    const found = await this.inbox.find(shown.map(({ deliveryId }) => ({ sessionId, deliveryId })));
    const listed = queued.length + inInbox.length - inputs.length - shown.length;
    const unlisted = from?.place === 'inbox' ? 0 : (queue.more ?? 0);
    return {
      inputs: [...inputs, ...found.flatMap((delivery) => (delivery === null ? [] : [asQueued(delivery.item)]))],
      ...(listed + unlisted > 0 && { more: listed + unlisted }),
      ...(listed > 0 && { nextCursor: encodeCursor(sessionId, endOf(inputs, shown)) }),
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
    // The message is withdrawn by now, so this must not fail the call; otherwise its files stay as long as their session.
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

/** The inputs after a cursor. If that one has gone to the agent in the meantime, all that is left comes after it. */
function after(inputs: readonly QueuedInput[], from: InputsCursor | undefined): readonly QueuedInput[] {
  if (from?.place !== 'queue') return inputs;
  return inputs.slice(inputs.findIndex(({ inputId }) => inputId === from.inputId) + 1);
}

function isAfter(cursor: string, other: string): boolean {
  return compareStreamIds(cursor, other) > 0;
}

function endOf(inputs: readonly QueuedInput[], shown: readonly DeliveryPlace[]): InputsCursor {
  const last = shown.at(-1);
  return last ? { place: 'inbox', after: last.cursor } : { place: 'queue', inputId: inputs.at(-1)?.inputId ?? '' };
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
