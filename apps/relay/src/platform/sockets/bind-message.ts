import type { SocketAnswer, SocketProblem } from '@pizzapi/protocol';
import type { PinoLogger } from 'nestjs-pino';
import type { Socket } from 'socket.io';
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { toProblem } from '../http/problem.js';
import { refuseMalformed } from './refuse-message.js';

const validators = new WeakMap<TSchema, Validator>();

/**
 * Binds a typed handler to one message of a socket. A message that does not fit the schema is dropped, counted and answered with
 * `malformed_message`; the connection stays. An error of the handler is answered as a problem, as REST would answer it.
 */
export function bindMessage<S extends TSchema, T extends object>(
  socket: Socket,
  name: string,
  schema: S,
  logger: PinoLogger,
  handle: (message: Static<S>) => T | Promise<T>,
): void {
  const validator = validatorFor(schema);
  socket.on(name, (message: unknown, answer?: (value: SocketAnswer<T>) => void) => {
    const reply = (value: SocketAnswer<T>): void => {
      // The client decides whether to pass a callback, and a schema cannot check that.
      if (typeof answer === 'function') answer(value);
    };
    if (!fits(validator, schema, message)) {
      const detail = `The message "${name}" does not have the shape that this relay expects.`;
      return reply({ ok: false, problem: refuseMalformed(socket, name, detail, logger) });
    }
    let result: T | Promise<T>;
    try {
      result = handle(message);
    } catch (error) {
      return reply({ ok: false, problem: describe(error, name, logger) });
    }
    Promise.resolve(result).then(
      (value) => reply({ ok: true, ...value }),
      (error: unknown) => reply({ ok: false, problem: describe(error, name, logger) }),
    );
  });
}

function describe(error: unknown, name: string, logger: PinoLogger): SocketProblem {
  const { status, code, detail } = toProblem(error);
  if (status >= 500) logger.error({ err: error, message: name }, 'A socket message failed');
  return { code, detail };
}

function validatorFor(schema: TSchema): Validator {
  let validator = validators.get(schema);
  if (!validator) validators.set(schema, (validator = Compile(schema)));
  return validator;
}

function fits<S extends TSchema>(validator: Validator, _schema: S, message: unknown): message is Static<S> {
  return validator.Check(message);
}
