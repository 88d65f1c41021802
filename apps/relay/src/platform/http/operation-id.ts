import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import './request.js';

/**
 * The UUIDv7 of this operation: use it as (the end of) the id of what a POST creates. A retry with the same `Idempotency-Key` after a
 * crash in the middle gets the same one again, so it finds what the first try made and creates nothing twice.
 */
export const OperationId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { operationId } = context.switchToHttp().getRequest<Request>();
  if (operationId === undefined) throw new Error('A request came to its handler without an operation id.');
  return operationId;
});
