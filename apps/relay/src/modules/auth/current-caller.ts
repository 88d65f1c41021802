import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { AnyCaller, AuthenticatedRequest, Caller, CallerKind } from './caller.js';

/** The kinds of callers that a handler admits; default: people. A handler that admits others reads the caller by {@link CurrentCredential}. */
export const Accepts = Reflector.createDecorator<readonly CallerKind[]>();

/** The caller of a handler: a person, by cookie or key. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context);
  // The guard admits others only with `Accepts`.
  if (caller.kind !== 'person') throw new Error('A handler that accepts more than people must use CurrentCredential.');
  return caller;
});

/** The caller of a handler marked {@link Accepts}. */
export const CurrentCredential = createParamDecorator((_: unknown, context: ExecutionContext): AnyCaller =>
  callerOf(context),
);

function callerOf(context: ExecutionContext): AnyCaller {
  return context.switchToHttp().getRequest<AuthenticatedRequest>().caller;
}
