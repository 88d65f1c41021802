import type { ToolIcon, ToolSummary } from '../conversation/tool-summary';

const WORDS: Record<ToolIcon, (count: number) => string> = {
  terminal: (n) => `ran ${plural(n, 'command')}`,
  read: (n) => `read ${plural(n, 'file')}`,
  write: (n) => `wrote ${plural(n, 'file')}`,
  edit: (n) => `made ${plural(n, 'edit')}`,
  search: (n) => `searched ${n === 1 ? 'once' : `${n} times`}`,
  list: (n) => `listed ${plural(n, 'folder')}`,
  agent: (n) => `asked ${plural(n, 'agent')}`,
  ask: (n) => `asked ${plural(n, 'question')}`,
  tunnel: (n) => `exposed ${plural(n, 'port')}`,
  tool: (n) => `used ${plural(n, 'tool')}`,
};

/** “Read 4 files, ran 2 commands, 1 failed”. */
export function groupWords(summaries: readonly ToolSummary[]): string {
  const counts = new Map<ToolIcon, number>();
  for (const { icon } of summaries) counts.set(icon, (counts.get(icon) ?? 0) + 1);
  const parts = [...counts].map(([icon, count]) => WORDS[icon](count));
  const failed = summaries.filter(({ state }) => state === 'failed').length;
  if (failed > 0) parts.push(`${failed} failed`);
  const text = parts.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
