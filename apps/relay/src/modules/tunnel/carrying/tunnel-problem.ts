import { ProblemCode } from '@pizzapi/protocol';
import { TunnelError, TunnelErrorCode } from '@pizzapi/tunnel';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { type Problem, toProblem } from '../../../platform/http/problem.js';
import type { TunnelEntity } from '../tunnels/tunnel.entity.js';

/** Describes an error on the way to a service to the client. */
export function tunnelProblem(error: unknown, tunnel: Pick<TunnelEntity, 'serviceId' | 'name'>): Problem {
  if (!(error instanceof TunnelError)) return toProblem(error);
  return toProblem(errorFor(error, tunnel));
}

function errorFor(
  { code, message }: TunnelError,
  { serviceId, name }: Pick<TunnelEntity, 'serviceId' | 'name'>,
): ProblemError {
  const again = { retryAfterS: 2 };
  switch (code) {
    case TunnelErrorCode.offline:
      return new ProblemError(503, ProblemCode.tunnelOffline, `${message} Try again in a moment.`, again);
    case TunnelErrorCode.interrupted:
      return new ProblemError(
        502,
        ProblemCode.tunnelOffline,
        'The connection to the runner broke off before there was an answer; try again.',
      );
    case TunnelErrorCode.busy:
      return new ProblemError(503, ProblemCode.tunnelBusy, `${message} Try again when some of them are done.`, again);
    case TunnelErrorCode.refused:
      return serviceId === null
        ? new ProblemError(
            502,
            ProblemCode.serviceUnreachable,
            `${message} Start what should listen there, and reload.`,
          )
        : new ProblemError(
            503,
            ProblemCode.serviceNotRunning,
            `The service "${name}" is not running. ${message} Its log on the runner's page says why.`,
            again,
          );
    case TunnelErrorCode.denied:
      return new ProblemError(403, ProblemCode.portRefused, `${message} The runner does not allow it.`);
    case TunnelErrorCode.garbage:
    case TunnelErrorCode.oversized:
      return new ProblemError(502, ProblemCode.serviceAnswerInvalid, message);
    case TunnelErrorCode.malformed:
      return new ProblemError(400, ProblemCode.invalidRequest, message);
  }
}
