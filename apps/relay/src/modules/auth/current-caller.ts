import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { AnyCaller, AuthenticatedRequest, Caller, CallerKind } from './caller.js';

/** Who may call a handler; without it: people. Where others may too, it reads who calls by {@link CurrentCredential}. */
export const Accepts = Reflector.createDecorator<readonly CallerKind[]>();

/** Who calls: a person, by cookie or key. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context);
  // The guard lets others through only where `Accepts` says so.
  if (caller.kind !== 'person') throw new Error('A handler that accepts more than people must use CurrentCredential.');
  return caller;
});

/** Who calls a handler marked {@link Accepts}. */
export const CurrentCredential = createParamDecorator((_: unknown, context: ExecutionContext): AnyCaller =>
  callerOf(context),
);

function callerOf(context: ExecutionContext): AnyCaller {
  return context.switchToHttp().getRequest<AuthenticatedRequest>().caller;
}
