import { isAttachment } from '../../../core/api/attachments-api';
import type { Attachment, SandboxViolation, SettledApproval, TranscriptEntry } from '@pizzapi/protocol';
import { isSettledApproval } from '../../../core/api/approval-shapes';
import { hookWords, isHookNotice } from './hook-notice';
import { isSandboxViolation } from './sandbox-violation';
import { isRecord } from '../../../core/shape';
import {
  approximateBytes,
  assistantBlocks,
  type AssistantBlock,
  type ImageSource,
  images,
  numberField,
  plainText,
  textField,
} from './message-content';
import { withDirectionsShown } from '../../../ui/direction-signs';

interface ItemBase {
  readonly seq: number;
  readonly entryId: string;
  /** The same from the first delta to the settled entry, so that a row is not rebuilt when its message ends. */
  readonly key: string;
  readonly ts: string;
  readonly bytes: number;
}
export interface UserItem extends ItemBase {
  readonly kind: 'user';
  readonly text: string;
  readonly images: readonly ImageSource[];
  readonly attachments: readonly Attachment[];
  readonly authorName: string | null;
  readonly inputId: string | null;
  /** For a message from a parent session: that session's id. */
  readonly fromSessionId: string | null;
}
export interface AssistantItem extends ItemBase {
  readonly kind: 'assistant';
  readonly blocks: readonly AssistantBlock[];
  readonly outcome: 'done' | 'aborted' | 'error' | 'length';
  readonly errorMessage: string | null;
}
export interface ToolItem extends ItemBase {
  readonly kind: 'tool';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly text: string;
  readonly images: readonly ImageSource[];
  readonly details: unknown;
  readonly isError: boolean;
  /** Where the text was cut: how many bytes all of it has. */
  readonly outputBytes: number | null;
}
export interface TriggerItem extends ItemBase {
  readonly kind: 'trigger';
  readonly deliveryId: string;
  readonly type: string;
  readonly source: string;
  readonly summary: string;
  readonly deliverAs: string;
  readonly payload: unknown;
  /** When it was fired; `ts` is when the session got it. */
  readonly firedAt: string;
  /** The task given by the listener that started this session for the trigger. */
  readonly prompt: string;
  /** For news from a child session: that session's id; its name is in the payload. */
  readonly childSessionId: string;
}
export interface NoticeItem extends ItemBase {
  readonly kind: 'notice';
  readonly title: string;
  readonly text: string;
  /** Shown beside the title; longer texts are shown on demand. */
  readonly words?: string;
  /** Something does not work. */
  readonly isBad?: boolean;
  /** The id of the input, if that was a command: it left no message. */
  readonly inputId?: string;
}
/** A question to a person, and how it ended. */
export interface ApprovalItem extends ItemBase {
  readonly kind: 'approval';
  readonly approval: SettledApproval;
}
/** Something that the sandbox blocked. */
export interface ViolationItem extends ItemBase {
  readonly kind: 'violation';
  readonly violation: SandboxViolation;
}
/** A finished entry, parsed once when it arrives; pi's own message is not kept. */
export type TranscriptItem =
  UserItem | AssistantItem | ToolItem | TriggerItem | NoticeItem | ApprovalItem | ViolationItem;

/** `messageId` is the live message which the entry settles, if there was one. */
export function toTranscriptItem(entry: TranscriptEntry, messageId?: string): TranscriptItem {
  const { content } = entry;
  const base: ItemBase = {
    seq: entry.seq,
    entryId: entry.entryId,
    key: messageId ?? entry.entryId,
    ts: entry.ts,
    bytes: approximateBytes(content),
  };
  switch (entry.kind) {
    case 'user':
      return { ...base, kind: 'user', text: plainText(content), images: images(content), ...authorship(content) };
    case 'assistant':
      return { ...base, kind: 'assistant', blocks: assistantBlocks(content), ...ending(content) };
    case 'tool':
      return {
        ...base,
        kind: 'tool',
        toolCallId: textField(content, 'toolCallId'),
        toolName: textField(content, 'toolName'),
        text: plainText(content),
        images: images(content),
        details: isRecord(content) ? content['details'] : undefined,
        isError: isRecord(content) && content['isError'] === true,
        outputBytes: numberField(entry, 'outputBytes'),
      };
    case 'trigger':
      return { ...base, kind: 'trigger', ...triggerFields(content) };
    case 'notice':
      // The same key as its card had while it waited.
      if (isSettledApproval(content))
        return { ...base, key: `approval:${content.approvalId}`, kind: 'approval', approval: content };
      if (isSandboxViolation(content)) return { ...base, kind: 'violation', violation: content };
      if (isHookNotice(content)) return { ...base, kind: 'notice', ...hookWords(content) };
      return { ...base, kind: 'notice', ...noticeFields(content) };
  }
}

/** People's input is a custom message of pi's: who wrote it and its id stand in the details. */
function authorship(content: unknown): Pick<UserItem, 'authorName' | 'inputId' | 'fromSessionId' | 'attachments'> {
  const details = isRecord(content) ? content['details'] : undefined;
  const pick = (...fields: string[]): string | null =>
    fields.map((field) => textField(details, field) || textField(content, field)).find((text) => text !== '') ?? null;
  const attachments = isRecord(details) ? details['attachments'] : undefined;
  return {
    attachments: Array.isArray(attachments) ? attachments.filter(isAttachment) : [],
    authorName: pick('authorName'),
    inputId: pick('inputId', 'deliveryId', 'id'),
    fromSessionId: pick('fromSessionId'),
  };
}

function ending(content: unknown): Pick<AssistantItem, 'outcome' | 'errorMessage'> {
  const reason = textField(content, 'stopReason');
  const errorMessage = textField(content, 'errorMessage') || null;
  const outcome = reason === 'error' || reason === 'aborted' || reason === 'length' ? reason : 'done';
  return { outcome, errorMessage };
}

function triggerFields(content: unknown): Omit<TriggerItem, keyof ItemBase | 'kind'> {
  const details = isRecord(content) ? content['details'] : undefined;
  const nested = isRecord(details) ? parsed(details['trigger']) : undefined;
  const fact = isRecord(nested) ? nested : isRecord(details) ? details : content;
  return {
    deliveryId: textField(details, 'id'),
    type: withDirectionsShown(textField(fact, 'type')) || 'trigger',
    source: withDirectionsShown(textField(fact, 'source')),
    // Only without trigger data: otherwise the message's text is the fenced payload, which the card shows itself.
    summary: withDirectionsShown(textField(fact, 'summary') || (isRecord(nested) ? '' : plainText(content))),
    firedAt: textField(fact, 'ts'),
    prompt: textField(fact, 'prompt'),
    deliverAs: textField(fact, 'deliverAs'),
    childSessionId: textField(fact, 'childSessionId'),
    payload: isRecord(fact) ? fact['payload'] : undefined,
  };
}

/** A worker keeps the trigger as the JSON text that came. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const json: unknown = JSON.parse(value);
    return json;
  } catch {
    // Not JSON after all: the card shows the message's own text.
    return undefined;
  }
}

const NOTICE_TITLES: Record<string, string> = {
  compactionSummary: 'Context compacted',
  branchSummary: 'Returned from a branch',
  bashExecution: 'Shell command',
};

function noticeFields(content: unknown): Pick<NoticeItem, 'title' | 'text' | 'inputId'> {
  const role = textField(content, 'role');
  if (role === 'command') {
    const title = `${textField(content, 'authorName') || 'A person'} ran ${textField(content, 'text')}`;
    return { title, text: '', inputId: textField(content, 'deliveryId') };
  }
  const title = textField(content, 'title') || NOTICE_TITLES[role] || '';
  const text = textField(content, 'summary') || plainText(content) || textField(content, 'output');
  return title === '' ? { title: text, text: '' } : { title, text };
}
