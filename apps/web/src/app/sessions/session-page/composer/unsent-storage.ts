import { isAttachment } from '../../../core/api/attachments-api';
import type { Outbox, OutgoingInput } from '../conversation/outbox';
import { isRecord } from '../../../core/shape';
import { textField } from '../conversation/message-content';

const PREFIX = 'pizzapi.unsent.';

/** What was sent but not confirmed outlives a reload, with its key: sending it again can't double it. */
export function writeUnsent(sessionId: string, outbox: Outbox): void {
  const unsent = outbox.filter((message) => message.state !== 'accepted');
  if (unsent.length === 0) localStorage.removeItem(PREFIX + sessionId);
  else localStorage.setItem(PREFIX + sessionId, JSON.stringify(unsent));
}

export function readUnsent(sessionId: string): Outbox {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + sessionId) ?? '[]');
    return Array.isArray(stored) ? stored.flatMap(restored) : [];
  } catch {
    // Damaged or written by something else: nothing in it can be sent.
    return [];
  }
}

function restored(value: unknown): OutgoingInput[] {
  const key = textField(value, 'key');
  const text = textField(value, 'text');
  if (!isRecord(value) || key === '') return [];
  const attachments = Array.isArray(value['attachments']) ? value['attachments'].filter(isAttachment) : [];
  if (text === '' && attachments.length === 0) return [];
  const deliverAs = value['deliverAs'] === 'steer' || value['deliverAs'] === 'followUp' ? value['deliverAs'] : 'prompt';
  const problem = textField(value, 'problem') || 'The page was reloaded before the relay confirmed it.';
  const files = attachments.length > 0 ? { attachments } : {};
  const ids = value['gone'];
  const gone = Array.isArray(ids) ? { gone: ids.filter((id) => typeof id === 'string') } : {};
  return [{ key, text, deliverAs, ...files, ...gone, state: 'failed', inputId: null, problem, afterSeq: 0 }];
}
