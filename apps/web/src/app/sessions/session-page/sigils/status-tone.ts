export type StatusTone = 'ok' | 'warn' | 'bad' | 'plain';

/** Statuses that services commonly use; any other has no colour. */
const TONES: Readonly<Record<Exclude<StatusTone, 'plain'>, readonly string[]>> = {
  ok: [
    ...['ok', 'open', 'merged', 'passed', 'success', 'succeeded', 'done', 'resolved', 'fixed'],
    ...['healthy', 'running', 'online', 'active', 'green', 'deployed', 'approved'],
  ],
  warn: ['pending', 'waiting', 'queued', 'blocked', 'draft', 'in review', 'in progress', 'degraded', 'yellow'],
  bad: ['failed', 'failure', 'error', 'broken', 'rejected', 'cancelled', 'canceled', 'down', 'offline', 'red'],
};

export function statusTone(status: string): StatusTone {
  const word = status.trim().toLowerCase().replaceAll(/[-_]/g, ' ');
  if (TONES.ok.includes(word)) return 'ok';
  if (TONES.warn.includes(word)) return 'warn';
  return TONES.bad.includes(word) ? 'bad' : 'plain';
}
