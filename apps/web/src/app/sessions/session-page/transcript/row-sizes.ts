import type { Attachment } from '@pizzapi/protocol';
import type { Row } from '../conversation/row';

const LINE = 24;
const CHARACTERS_PER_LINE = 90;

/** A first guess at a row's height, corrected as soon as it is seen; near enough that the scrollbar does not jump. */
export function estimateHeight(row: Row | undefined): number {
  switch (row?.kind) {
    case 'user':
      return 24 + textHeight(row.item.text.length, 22) + attachmentsHeight(row.item.attachments);
    case 'text':
      return textHeight(row.text.length, LINE);
    case 'tools':
      return 2 + 32 * Math.min(row.calls.length, 6);
    case 'subagents':
      return row.call.result === null ? 160 : 38;
    case 'trigger':
      return 60 + (row.item.prompt === '' ? 0 : 10 + textHeight(row.item.prompt.length, 20));
    case 'approval':
      return row.settled === null ? 210 : 20;
    case 'thinking':
      return 24;
    default:
      return 36;
  }
}

function textHeight(length: number, line: number): number {
  return line * Math.ceil(Math.max(1, length) / CHARACTERS_PER_LINE);
}

/** Images are side by side, other files one below the other. */
function attachmentsHeight(attachments: readonly Attachment[]): number {
  const images = attachments.filter(({ isImage }) => isImage).length;
  return 128 * Math.ceil(images / 3) + 36 * Math.ceil((attachments.length - images) / 2);
}
