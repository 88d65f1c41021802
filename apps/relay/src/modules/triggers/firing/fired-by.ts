import { forbidden } from '../../../platform/http/problem.error.js';
import type { AnyCaller } from '../../auth/index.js';
import type { TriggerRequest } from './fire-trigger.js';

/**
 * A request as its caller may make it: a service fires triggers of its own alone, and is their source unless it names another.
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
