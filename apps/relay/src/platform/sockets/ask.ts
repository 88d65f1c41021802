import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { ProblemError } from '../http/problem.error.js';
import { Replica } from '../observability/replica.js';
import type { Holder } from './presence.js';
import { SocketServer } from './socket-server.js';

/** A request to one client. `answer` is the schema of the fields beside `ok: true`. */
export interface Question<S extends TSchema> {
  namespace: string;
  message: string;
  data: object;
  answer: S;
  timeoutMs: number;
}

/** The client has gone, did not answer in time, or gave an answer that is not in the catalog. */
export class NoAnswerError extends Error {
  constructor(message: string, reason: string) {
    super(`No answer to ${message}: ${reason}.`);
    this.name = 'NoAnswerError';
  }
}

/** Asks a client that is attached to this replica or to another one. */
@Injectable()
export class Ask {
  constructor(
    private readonly sockets: SocketServer,
    private readonly replica: Replica,
  ) {}

  /**
   * @throws ProblemError when the client refused
   * @throws NoAnswerError
   */
  async client<S extends TSchema>(holder: Holder, question: Question<S>): Promise<Static<S>> {
    const answer = await this.send(holder, question);
    if (refusal.Check(answer)) throw refused(answer.problem);
    if (!isAccepted(question.answer, answer))
      throw new NoAnswerError(question.message, 'the answer is not in the catalog');
    return answer;
  }

  private async send(holder: Holder, { namespace, message, data, timeoutMs }: Question<TSchema>): Promise<unknown> {
    const server = this.sockets.of(namespace);
    try {
      if (holder.replicaId === this.replica.id) {
        const socket = server.sockets.get(holder.socketId);
        if (!socket) throw new NoAnswerError(message, 'the client has gone');
        return await socket.timeout(timeoutMs).emitWithAck(message, data);
      }
      // Every socket is in a room of its own id; the adapter finds the replica that has it.
      const answers: unknown = await server.to(holder.socketId).timeout(timeoutMs).emitWithAck(message, data);
      const answer = first(answers);
      if (answer === undefined) throw new NoAnswerError(message, 'the client has gone');
      return answer;
    } catch (error) {
      if (error instanceof NoAnswerError) throw error;
      throw new NoAnswerError(message, `the client did not answer within ${timeoutMs} ms`);
    }
  }
}

function first(list: unknown): unknown {
  return Array.isArray(list) ? list.at(0) : undefined;
}

const refusal = Compile(
  Type.Object({ ok: Type.Literal(false), problem: Type.Object({ code: Type.String(), detail: Type.String() }) }),
);
const codes = new Map<string, ProblemCode>(Object.values(ProblemCode).map((code) => [code, code]));
const statuses: Partial<Record<ProblemCode, number>> = {
  [ProblemCode.notFound]: 404,
  [ProblemCode.serviceUnknown]: 404,
  [ProblemCode.conflict]: 409,
  [ProblemCode.inputDelivered]: 409,
  [ProblemCode.approvalAnswered]: 409,
  [ProblemCode.sessionBusy]: 409,
  [ProblemCode.branchRefused]: 409,
  [ProblemCode.noToolOutput]: 409,
  [ProblemCode.sessionEnded]: 409,
  [ProblemCode.sessionDisconnected]: 409,
  [ProblemCode.serviceNotRunning]: 409,
  [ProblemCode.forbidden]: 403,
  [ProblemCode.internal]: 502,
};

/**
 * The request was well-formed, so its refusal is a 422 unless the code implies another status. A newer client may use codes that are
 * unknown here.
 */
function refused(problem: { code: string; detail: string }): ProblemError {
  const code = codes.get(problem.code) ?? ProblemCode.conflict;
  return new ProblemError(statuses[code] ?? 422, code, problem.detail);
}

const accepted = new WeakMap<TSchema, Validator>();

function isAccepted<S extends TSchema>(schema: S, answer: unknown): answer is Static<S> {
  let validator = accepted.get(schema);
  if (!validator)
    accepted.set(schema, (validator = Compile(Type.Intersect([Type.Object({ ok: Type.Literal(true) }), schema]))));
  return validator.Check(answer);
}
