import type { Fleet } from './fleet.js';
import type { FiredTrigger } from './firing.js';
import { readSessionFiles, type SessionFile } from './session-files.js';

/** What the sessions' own files say about the triggers that were answered 2xx. */
export interface Verdict {
  /** Accepted, and not in the file of whom it was for: as received, or as a message to the agent. */
  lost: string[];
  doubled: string[];
  /** In a file that it was not for, or never accepted. */
  foreign: string[];
  /** Answered before another was fired, and in the file after it. */
  outOfOrder: string[];
  sessionsStarted: number;
}

/** A listener's session is known by the listener and the number that its file names. */
export function judge(fleet: Fleet, fired: readonly FiredTrigger[]): Verdict {
  const expected = expectedNumbers(fleet, fired);
  const verdict: Verdict = { lost: [], doubled: [], foreign: [], outOfOrder: [], sessionsStarted: 0 };
  const byNumber = new Map(fired.map((trigger) => [trigger.n, trigger]));
  const held = { deliveries: new Map<string, number[]>(), messages: new Map<string, number[]>() };
  for (const file of readSessionFiles(fleet.home)) {
    const target = targetOf(fleet, file);
    if (!fleet.sessionIds.includes(file.sessionId)) verdict.sessionsStarted++;
    for (const part of ['deliveries', 'messages'] as const) {
      held[part].set(target, [...(held[part].get(target) ?? []), ...file[part]]);
    }
    if (fleet.sessionIds.includes(target))
      for (const numbers of orderedParts(fleet, file)) verdict.outOfOrder.push(...disorder(target, numbers, byNumber));
  }
  for (const part of ['deliveries', 'messages'] as const)
    for (const target of new Set([...expected.keys(), ...held[part].keys()]))
      compare(`${part} of ${target}:`, expected.get(target) ?? [], held[part].get(target) ?? [], verdict);
  return verdict;
}

export function expectedSessions(fleet: Fleet, fired: readonly FiredTrigger[]): number {
  return fired.filter(({ n }) => fleet.targets(n).listenerId !== undefined).length;
}

function expectedNumbers(fleet: Fleet, fired: readonly FiredTrigger[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const { n } of fired)
    for (const target of Object.values(fleet.targets(n)))
      if (target !== undefined) numbers.set(target, [...(numbers.get(target) ?? []), n]);
  return numbers;
}

function targetOf(fleet: Fleet, { sessionId, listenerIds: [listenerId] }: SessionFile): string {
  if (fleet.sessionIds.includes(sessionId)) return sessionId;
  return listenerId ?? `the unknown session ${sessionId}`;
}

function compare(what: string, expected: readonly number[], held: readonly number[], verdict: Verdict): void {
  const counts = new Map<number, number>();
  for (const n of held) counts.set(n, (counts.get(n) ?? 0) + 1);
  for (const n of expected) if (!counts.has(n)) verdict.lost.push(`${what} ${n}`);
  for (const [n, count] of counts) {
    if (count > 1) verdict.doubled.push(`${what} ${n} (${count} times)`);
    if (!expected.includes(n)) verdict.foreign.push(`${what} ${n}`);
  }
}

/** What steers enters a turn that others wait for: only messages of one kind are in the order in which they came. */
function orderedParts(fleet: Fleet, { deliveries, messages }: SessionFile): number[][] {
  const steering = messages.filter((n) => fleet.deliverAs(n) === 'steer');
  return [deliveries, steering, messages.filter((n) => !steering.includes(n))];
}

/** Of two that were on their way at once either may come first. */
function disorder(target: string, numbers: readonly number[], fired: ReadonlyMap<number, FiredTrigger>): string[] {
  let lastSentAt = { n: 0, sentAt: -Infinity };
  return numbers.flatMap((n) => {
    const trigger = fired.get(n);
    if (!trigger) return [];
    const isLate = trigger.answeredAt < lastSentAt.sentAt;
    const after = lastSentAt.n;
    if (trigger.sentAt > lastSentAt.sentAt) lastSentAt = trigger;
    return isLate ? [`${target}: ${n} after ${after}`] : [];
  });
}
