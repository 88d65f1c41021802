import type { Row, ToolCall } from './row';

/**
 * Gives rows and calls that did not change the objects they had before, so that their components need not look again.
 */
export function keepIdentity(previous: readonly Row[], next: readonly Row[]): Row[] {
  const known = new Map(previous.map((row) => [row.key, row]));
  return next.map((row) => {
    const before = known.get(row.key);
    if (before === undefined) return row;
    if (row.kind === 'tools' && before.kind === 'tools') {
      const calls = row.calls.map((call, index) => sameCall(before.calls[index], call));
      const isSame = calls.length === before.calls.length && calls.every((call, i) => call === before.calls[i]);
      return isSame ? before : { ...row, calls };
    }
    if (row.kind === 'subagents' && before.kind === 'subagents')
      return sameCall(before.call, row.call) === before.call ? before : row;
    return isSameShallow(before, row) ? before : row;
  });
}

function sameCall(before: ToolCall | undefined, call: ToolCall): ToolCall {
  return before !== undefined && isSameShallow(before, call) ? before : call;
}

function isSameShallow(a: object, b: object): boolean {
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => isSame(value, right.get(key)));
}

/** A row's list is rebuilt with the row; its items are kept if they did not change. */
function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b);
  return a.length === b.length && a.every((item, index) => Object.is(item, b[index]));
}
