import { ProblemCode, type SocketAnswer } from '@pizzapi/protocol';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { errorText, type Logger } from '../logging/logger.js';
import { refuse } from './answer.js';

/** A refusal that travels to the relay as the answer. */
export class RequestRefusedError extends Error {
  constructor(
    readonly code: ProblemCode,
    detail: string,
  ) {
    super(detail);
    this.name = 'RequestRefusedError';
  }
}

/** A listener for a request of the relay: parses it, and always answers, also when handling it fails. */
export function answering<S extends TSchema, T extends object>(
  event: string,
  schema: S,
  logger: Logger,
  handle: (message: Static<S>) => T | Promise<T>,
): (message: unknown, answer: (answer: SocketAnswer<T>) => void) => void {
  const validator = Compile(schema);
  const decide = async (message: unknown): Promise<SocketAnswer<T>> => {
    if (!validator.Check(message))
      return refuse(ProblemCode.malformedMessage, `${event} is not in the catalog of this runner.`);
    try {
      return { ok: true, ...(await handle(message)) };
    } catch (error) {
      const code = problemCodeOf(error);
      if (code) return refuse(code, errorText(error));
      logger.error({ event, err: error }, 'a request of the relay failed');
      return refuse(ProblemCode.internal, `The runner could not do it: ${errorText(error)}`);
    }
  };
  return (message, answer) => {
    void decide(message).then((decision) => {
      // A peer of another version may not wait for an answer.
      if (typeof answer === 'function') answer(decision);
    });
  };
}

const codes: ReadonlyMap<string, ProblemCode> = new Map(Object.values(ProblemCode).map((code) => [code, code]));

/** The stable code of an error that has one of the catalog's: ours, and those of `@pizzapi/agent`. */
export function problemCodeOf(error: unknown): ProblemCode | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? codes.get(code) : undefined;
}
