import { type GrowingText, wholeText } from '../conversation/growing-text';
import type { Row } from '../conversation/row';
import { subjectLine } from '../approvals/approval-words';
import { summarizeTool } from '../conversation/tool-summary';
import { stepsOf } from '../subagents/subagent-words';

/** What the find bar searches in a row. */
export function searchableText(row: Row): string {
  switch (row.kind) {
    case 'user':
      return row.item.text;
    case 'text':
    case 'thinking':
      return asString(row.text);
    case 'tools':
      return row.calls.map((call) => `${summarizeTool(call).object}\n${call.result?.text ?? ''}`).join('\n');
    case 'subagents':
      return [...stepsOf(row.call).map(({ agent, task }) => `${agent} ${task}`), row.call.result?.text ?? ''].join(
        '\n',
      );
    case 'trigger':
      return [row.item.type, row.item.source, row.item.summary, row.item.prompt].join('\n');
    case 'ending':
      return row.item.errorMessage ?? '';
    case 'approval':
      return `${subjectLine(row.request.subject)}\n${row.settled?.text ?? ''}`;
    case 'notice':
      return `${row.item.title} ${row.item.text}`;
    default:
      return '';
  }
}

function asString(text: string | GrowingText): string {
  return typeof text === 'string' ? text : wholeText(text);
}
