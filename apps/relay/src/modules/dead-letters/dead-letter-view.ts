import type { ProblemError } from '../../platform/http/problem.error.js';
import { triggerOf } from '../deliveries/index.js';
import type { DeadLetterEntity } from './dead-letter.entity.js';
import type { DeadLetterDto } from './dead-letters.dto.js';

/** A dead letter as REST shows it. @param refusal What a replay would answer, where it can only be refused. */
export function viewOf(letter: DeadLetterEntity, refusal?: ProblemError): DeadLetterDto {
  const { deliveryId, kind, sessionId, sessionName, runnerId, triggerId, listenerId, type, summary } = letter;
  const { item, reason, attempts, ts, diedAt } = letter;
  return {
    id: deliveryId,
    deliveryId,
    kind,
    sessionId,
    sessionName,
    runnerId,
    triggerId,
    listenerId,
    type,
    summary,
    payload: triggerOf(item)?.payload ?? item.text,
    reason,
    replayRefusal: refusal ? { code: refusal.code, detail: refusal.message } : null,
    attempts,
    ts: ts.toISOString(),
    diedAt: diedAt.toISOString(),
  };
}
