import type { SessionEvent } from '@pizzapi/protocol';

/** What began and has not finished: message or tool call id → number of the event that began it. */
export type OpenItems = Readonly<Record<string, number>>;

/** Applies one event. A worker that starts anew leaves nothing open. */
export function applyToOpenItems(open: OpenItems, event: SessionEvent): OpenItems {
  switch (event.type) {
    case 'session.opened':
      return {};
    case 'message.started':
      return { ...open, [event.data.messageId]: event.seq };
    case 'tool.started':
      return { ...open, [event.data.toolCallId]: event.seq };
    case 'entry.appended': {
      const closed = event.data.kind === 'tool' ? toolCallIdOf(event.data.content) : event.data.messageId;
      return closed === undefined ? open : without(open, closed);
    }
    default:
      return open;
  }
}

/** The number from which a viewer must read to see everything that is in progress. */
export function firstNeededSeq(open: OpenItems, transcribedSeq: number): number {
  return Math.min(transcribedSeq + 1, ...Object.values(open));
}

function without(open: OpenItems, id: string): OpenItems {
  if (!(id in open)) return open;
  const { [id]: _closed, ...rest } = open;
  return rest;
}

function toolCallIdOf(content: unknown): string | undefined {
  return typeof content === 'object' &&
    content !== null &&
    'toolCallId' in content &&
    typeof content.toolCallId === 'string'
    ? content.toolCallId
    : undefined;
}
