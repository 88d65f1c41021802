import type { ForkView } from '@pizzapi/protocol';
import type { TranscriptEntryEntity } from '../transcript-entry.entity.js';
import type { Fork } from './branch-tree.js';

const MAX_TEXT = 120;

export function forkView({ parentEntryId, within, isAhead, branches }: Fork<TranscriptEntryEntity>): ForkView {
  return {
    parentEntryId,
    within,
    isAhead,
    branches: branches.map(({ entryId, seq, kind, ts, content, isHidden }) => ({
      entryId,
      seq,
      kind,
      text: beginningOf(content),
      ts: ts.toISOString(),
      isCurrent: !isHidden,
    })),
  };
}

/** The text of pi's message, or of its first text block. */
function beginningOf(message: object): string {
  const content: unknown = 'content' in message ? message.content : '';
  const first: unknown = Array.isArray(content) ? content[0] : content;
  const text: unknown = typeof first === 'object' && first !== null && 'text' in first ? first.text : first;
  return typeof text === 'string' ? [...text.replaceAll(/\s+/g, ' ').trim()].slice(0, MAX_TEXT).join('') : '';
}
