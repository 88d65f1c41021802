import type { SessionEntry } from '@earendil-works/pi-coding-agent';
import type { SessionEventData, TranscriptKind } from '@pizzapi/protocol';
import { settledIn } from '../approvals/approval-entries.js';
import { attachmentsIn } from '../attachments/attachments-in.js';
import { cutOutput } from '../outputs/cut-output.js';
import { hookNoticeIn } from '../plugins/hooks/hook-entry.js';
import { CustomType, wordsOf } from '../queue/delivery-message.js';
import { handledCommand } from '../session-file/delivery-ledger.js';
import { violationIn } from '../sandbox/violation-entry.js';

type MessageEntry = Extract<SessionEntry, { type: 'message' }>;
type CustomMessageEntry = Extract<SessionEntry, { type: 'custom_message' }>;

/** An entry of pi's file as `entry.appended`, with so much of a tool's output; null for one that the transcript does not show. */
export function mapEntry(entry: SessionEntry, maxOutputBytes: number): SessionEventData<'entry.appended'> | null {
  const shown = shownAs(entry);
  if (!shown) return null;
  const { kind, content } = shown;
  return {
    entryId: entry.id,
    kind,
    ts: new Date(entry.timestamp).toISOString(),
    content,
    ...cut(entry, maxOutputBytes),
  };
}

/** What the transcript shows an entry as; null: it does not. */
export function shownKind(entry: SessionEntry): TranscriptKind | null {
  return shownAs(entry)?.kind ?? null;
}

/** The entries after the given one, for a relay that lacks them; all of them when none has that id. */
export function recoveredEntries(
  entries: SessionEntry[],
  entryId: string | null,
  { parentOf, maxOutputBytes }: { parentOf: (entry: SessionEntry) => string | null; maxOutputBytes: number },
): SessionEventData<'entry.appended'>[] {
  const at = entryId === null ? -1 : entries.findIndex(({ id }) => id === entryId);
  return entries.slice(at + 1).flatMap((entry) => {
    const mapped = mapEntry(entry, maxOutputBytes);
    return mapped ? [{ ...mapped, parentId: parentOf(entry), isRecovered: true }] : [];
  });
}

interface Shown {
  kind: TranscriptKind;
  /** pi's own message, a settled approval, something the sandbox kept from a tool, or what became of a hook. */
  content: unknown;
}

/** Of a tool's result: its content with the text cut, and how long all of that is. */
function cut(entry: SessionEntry, maxBytes: number): { content?: unknown; outputBytes?: number } {
  if (entry.type !== 'message' || entry.message.role !== 'toolResult') return {};
  const { content, ...size } = cutOutput(entry.message.content, maxBytes);
  return { content: { ...entry.message, content }, ...size };
}

function shownAs(entry: SessionEntry): Shown | null {
  const timestamp = Date.parse(entry.timestamp);
  switch (entry.type) {
    case 'message':
      return messageShownAs(entry.message);
    case 'custom_message':
      return customMessageShownAs(entry, timestamp);
    case 'compaction': {
      const { summary, tokensBefore } = entry;
      return { kind: 'notice', content: { role: 'compactionSummary', summary, tokensBefore, timestamp } };
    }
    case 'branch_summary': {
      const { summary, fromId } = entry;
      return { kind: 'notice', content: { role: 'branchSummary', summary, fromId, timestamp } };
    }
    case 'custom': {
      const content = settledIn(entry) ?? violationIn(entry) ?? hookNoticeIn(entry);
      if (content) return { kind: 'notice', content };
      const command = handledCommand(entry);
      return command && { kind: 'notice', content: { role: 'command', ...command, timestamp } };
    }
    default:
      return null;
  }
}

function messageShownAs(message: MessageEntry['message']): Shown | null {
  switch (message.role) {
    case 'user':
    case 'assistant':
      return { kind: message.role, content: message };
    case 'toolResult':
      return { kind: 'tool', content: message };
    case 'bashExecution':
      return { kind: 'notice', content: message };
    default:
      // System messages are the model's instructions, not conversation.
      return null;
  }
}

function customMessageShownAs(entry: CustomMessageEntry, timestamp: number): Shown | null {
  const { customType, content, display, details } = entry;
  const message = { role: 'custom', customType, content, display, details, timestamp };
  // Its files are the relay's already: viewers get them from there, not within the transcript.
  if (customType === CustomType.input && attachmentsIn(entry).length > 0)
    return { kind: 'user', content: { ...message, content: wordsOf(content) } };
  if (customType === CustomType.input) return { kind: 'user', content: message };
  if (customType === CustomType.trigger) return { kind: 'trigger', content: message };
  return display ? { kind: 'notice', content: message } : null;
}
