import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Logger } from '../logging/logger.js';

/**
 * Passes on only messages that fit the schema. Others are logged and dropped, as is one that cannot be acted on, as on a full disk; the
 * connection stays up, and the process goes on.
 * @param dropped called for each message that is dropped
 */
export function parsed<S extends TSchema>(
  event: string,
  schema: S,
  logger: Logger,
  handle: (message: Static<S>) => void,
  dropped: () => void = () => undefined,
): (message: unknown) => void {
  const validator = Compile(schema);
  return (message) => {
    if (!validator.Check(message)) {
      logger.warn({ event, fault: validator.Errors(message)[0]?.message }, 'dropped a malformed message of the relay');
      return dropped();
    }
    try {
      handle(message);
    } catch (error) {
      logger.error({ event, err: error }, 'could not act on a message of the relay');
    }
  };
}
