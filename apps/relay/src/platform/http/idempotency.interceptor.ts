import { createHmac } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ProblemCode } from '@pizzapi/protocol';
import type { Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { v7 } from 'uuid';
import { httpKeys } from '../redis/keys.js';
import { Replicas } from '../redis/replicas.js';
import { SecretKeys } from '../secrets/secret-keys.js';
import { IdempotencyRecords } from './idempotency-records.js';
import { toProblem } from './problem.js';
import { conflict, invalid } from './problem.error.js';
import { ComparedByHandler, isReplayed, ShownOnce } from './replay-options.js';
import { PUBLIC_CALLER } from './request.js';

const MAX_KEY_LENGTH = 255;

/**
 * `Idempotency-Key` on every POST: per caller and path, for 24 h, the same answer again; with another body a 409. The record is made
 * before the work, with the operation id under which the handler creates things.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly bodyKey: Buffer;

  constructor(
    private readonly records: IdempotencyRecords,
    private readonly replicas: Replicas,
    private readonly reflector: Reflector,
    private readonly logger: PinoLogger,
    secrets: SecretKeys,
  ) {
    this.bodyKey = secrets.current('idempotency');
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    request.operationId = v7();
    const key = request.get('idempotency-key');
    if (request.method !== 'POST' || key === undefined || !isReplayed(this.reflector, context.getHandler()))
      return next.handle();
    if (key === '' || key.length > MAX_KEY_LENGTH)
      throw invalid('Idempotency-Key', `must have 1 to ${MAX_KEY_LENGTH} characters`);
    const record = httpKeys.idempotency(request.callerId ?? PUBLIC_CALLER, request.path, key);
    return from(this.once(record, request, context, next));
  }

  private async once(record: string, request: Request, context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const response = context.switchToHttp().getResponse<Response>();
    const turn = await this.records.take(record, this.fingerprint(request), request.operationId ?? v7());
    if (turn.kind === 'mismatch') {
      throw conflict(
        ProblemCode.idempotencyMismatch,
        'This Idempotency-Key was used with another body; use a new key for a new request.',
      );
    }
    if (turn.kind === 'replay' && this.reflector.get(ComparedByHandler, context.getHandler()) === true) {
      request.operationId = turn.operationId;
      return lastValueFrom(next.handle(), { defaultValue: undefined });
    }
    if (turn.kind === 'replay') {
      response.status(turn.answer.status).setHeader('idempotency-replayed', 'true');
      return turn.answer.body;
    }
    request.operationId = turn.operationId;
    try {
      // What this call does may be seen before a failover that loses the record: a retry would do it under another id, once more.
      await this.replicas.confirm();
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      const hidden = this.reflector.get(ShownOnce, context.getHandler()) ?? [];
      await this.records.answered(record, { status: response.statusCode, body: without(body, hidden) });
      return body;
    } catch (error) {
      await this.settle(record, error);
      throw error;
    }
  }

  private async settle(record: string, error: unknown): Promise<void> {
    try {
      await (toProblem(error).status < 500 ? this.records.refused(record) : this.records.broken(record));
    } catch (failure) {
      // The caller needs the first error; the record frees itself when its turn is over.
      this.logger.warn({ err: failure }, 'An idempotency record could not be settled');
    }
  }

  /** Keyed, because a body may hold a password and Redis keeps the result for a day. */
  private fingerprint(request: Request): string {
    const body: unknown = request.body;
    return createHmac('sha256', this.bodyKey)
      .update(JSON.stringify([request.query, body ?? null]))
      .digest('base64url');
  }
}

function without(body: unknown, fields: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null || fields.length === 0) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !fields.includes(name)));
}
