import { SubagentLimits } from '@pizzapi/protocol';

/** Where tools say what they are about, the most telling first. */
const FIELDS = ['command', 'path', 'file_path', 'pattern', 'query', 'url', 'agent', 'name'];

/** What a tool call is about, in a line: a command, a path, a pattern; else its arguments as they are. */
export function callObject(args: unknown): string {
  const found = FIELDS.map((field) => textField(args, field)).find((text) => text !== '');
  return oneLine(found ?? ordersText(args) ?? JSON.stringify(args) ?? '', SubagentLimits.shownObject);
}

/** Whom a subagent has work for it; null for any other call. */
function ordersText(args: unknown): string | null {
  for (const [field, noun] of [
    ['tasks', 'tasks for'],
    ['chain', 'steps:'],
  ] as const) {
    const orders: unknown = typeof args === 'object' && args !== null ? Reflect.get(args, field) : undefined;
    if (!Array.isArray(orders)) continue;
    const agents = orders.map((order) => textField(order, 'agent')).filter((agent) => agent !== '');
    if (agents.length > 0) return `${agents.length} ${noun} ${[...new Set(agents)].join(', ')}`;
  }
  return null;
}

/** One line of limited length. */
export function oneLine(text: string, length: number): string {
  // No more of a long text than can be shown is looked at.
  const line = text
    .slice(0, length * 2)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > length || text.length > length * 2 ? `${line.slice(0, length - 1)}…` : line;
}

function textField(value: unknown, field: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  return typeof found === 'string' ? found : '';
}
