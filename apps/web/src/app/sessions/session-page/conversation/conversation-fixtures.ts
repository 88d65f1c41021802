import type { SessionEvent, SessionEventData, SessionEventType, TranscriptEntry } from '@pizzapi/protocol';
import { isSessionEvent } from '../../../core/realtime/message-shapes';

const START = Date.parse('2026-11-20T10:00:00.000Z');

/** For specs: events numbered from 1, a second apart. */
export class EventScript {
  readonly events: SessionEvent[] = [];

  add<T extends SessionEventType>(type: T, data: SessionEventData<T>): this {
    const seq = this.events.length + 1;
    const event: unknown = { seq, type, ts: new Date(START + seq * 1000).toISOString(), data };
    if (!isSessionEvent(event)) throw new Error(`The console would drop this ${type} event.`);
    this.events.push(event);
    return this;
  }
  user(entryId: string, text: string, details: object = {}): this {
    return this.entry(entryId, 'user', { role: 'user', content: text, details });
  }
  notice(entryId: string, content: object): this {
    return this.entry(entryId, 'notice', content);
  }
  assistant(entryId: string, content: object[], extra: object = {}, messageId?: string): this {
    return this.entry(
      entryId,
      'assistant',
      { role: 'assistant', content, stopReason: 'stop', ...extra },
      messageId ? { messageId } : {},
    );
  }
  /** @param outputBytes of output that was cut: how long all of it is */
  toolResult(toolCallId: string, text: string, extra: object = {}, outputBytes?: number): this {
    const content = { role: 'toolResult', toolCallId, toolName: 'bash', content: [{ type: 'text', text }], ...extra };
    return this.entry(`result-${toolCallId}`, 'tool', content, outputBytes === undefined ? {} : { outputBytes });
  }
  delta(messageId: string, index: number, kind: 'text' | 'thinking' | 'toolCall', delta: string): this {
    return this.add('message.delta', { messageId, index, kind, delta });
  }
  private entry(entryId: string, kind: TranscriptEntry['kind'], content: object, more: object = {}): this {
    const ts = new Date(START + (this.events.length + 1) * 1000).toISOString();
    return this.add('entry.appended', { entryId, kind, ts, content, ...more });
  }
}

export function call(id: string, name: string, args: object): object {
  return { type: 'toolCall', id, name, arguments: args };
}
export function said(text: string): object {
  return { type: 'text', text };
}
export function anEntry(seq: number, text = `entry ${seq}`): TranscriptEntry {
  const ts = new Date(START + seq * 1000).toISOString();
  return { seq, entryId: `e${seq}`, kind: 'user', ts, content: { role: 'user', content: text } };
}
