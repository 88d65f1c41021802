import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { AuthenticatedRequest, Caller, RunnerCaller } from './caller.js';
import { isRunnerCaller } from './caller.js';

/** Marks a handler that a runner's own key may call too. It reads who calls by {@link CurrentCredential}. */
export const AcceptsRunners = Reflector.createDecorator<true>();

/** Who calls: a person, by cookie or key. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context);
  // The guard lets runners through only where `AcceptsRunners` says so.
  if (isRunnerCaller(caller)) throw new Error('A handler that accepts runners must use CurrentCredential.');
  return caller;
});

/** Who calls a handler marked {@link AcceptsRunners}: a person or a runner. */
export const CurrentCredential = createParamDecorator((_: unknown, context: ExecutionContext): Caller | RunnerCaller =>
  callerOf(context),
);

function callerOf(context: ExecutionContext): Caller | RunnerCaller {
  return context.switchToHttp().getRequest<AuthenticatedRequest>().caller;
}
