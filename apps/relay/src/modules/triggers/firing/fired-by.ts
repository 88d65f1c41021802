import { forbidden } from '../../../platform/http/problem.error.js';
import type { AnyCaller } from '../../auth/index.js';
import type { TriggerRequest } from './fire-trigger.js';

/**
 * Restricts a request to what its caller may fire: a service fires only its own triggers, and is their source unless it names another one.
 * @throws ProblemError `forbidden`
 */
export function asFiredBy(caller: AnyCaller, request: TriggerRequest): TriggerRequest {
  if (caller.kind !== 'service') return request;
  const { serviceId } = caller;
  if (!request.type.startsWith(`${serviceId}:`))
    throw forbidden(
      `The key of the service "${serviceId}" fires triggers that start with "${serviceId}:" only, not "${request.type}".`,
    );
  return { ...request, source: request.source ?? serviceId };
}
