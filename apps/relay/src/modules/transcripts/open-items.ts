import { IdPrefix, type SessionEvent, type SessionEventData } from '@pizzapi/protocol';

/** Items in progress: the id of a message, tool call or approval → number of the event that began it. */
export type OpenItems = Readonly<Record<string, number>>;

/** Applies one event. A restarted worker has no items in progress. */
export function applyToOpenItems(open: OpenItems, event: SessionEvent): OpenItems {
  switch (event.type) {
    case 'session.opened':
      return {};
    case 'message.started':
      return { ...questionsOf(open), [event.data.messageId]: event.seq };
    case 'tool.started':
      return { ...open, [event.data.toolCallId]: event.seq };
    case 'approval.requested':
      return { ...open, [event.data.approvalId]: event.seq };
    case 'entry.appended': {
      const closed = closedBy(event.data);
      return closed === undefined ? open : without(open, closed);
    }
    default:
      return open;
  }
}

/**
 * When the agent writes its next message, nothing but questions to people can still be open. A run that failed leaves messages and tool calls
 * without an entry; they would keep the whole log after them.
 */
function questionsOf(open: OpenItems): OpenItems {
  return Object.fromEntries(Object.entries(open).filter(([id]) => id.startsWith(IdPrefix.approval)));
}

/** The number from which a viewer has to read to get everything in progress. */
export function firstNeededSeq(open: OpenItems, transcribedSeq: number): number {
  return Math.min(transcribedSeq + 1, ...Object.values(open));
}

function without(open: OpenItems, id: string): OpenItems {
  if (!(id in open)) return open;
  const { [id]: _closed, ...rest } = open;
  return rest;
}

function closedBy({ kind, content, messageId }: SessionEventData<'entry.appended'>): string | undefined {
  if (kind === 'tool') return idIn(content, 'toolCallId');
  // Of all notices, only settled approvals have an id.
  return kind === 'notice' ? idIn(content, 'approvalId') : messageId;
}

function idIn(content: unknown, field: string): string | undefined {
  const id: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, field) : undefined;
  return typeof id === 'string' ? id : undefined;
}
