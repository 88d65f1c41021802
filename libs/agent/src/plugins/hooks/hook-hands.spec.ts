import { expect, it } from 'vitest';
import type { HookGround } from './hook-hands.js';
import { hookHands } from './hook-hands.js';

const store = {
  name: 'mcp__memory__store',
  server: 'memory',
  tool: 'store',
  title: 'Store',
  description: '',
  inputSchema: {},
};
const none = () => Promise.reject(new Error('there is none'));

function hands(changes: Partial<HookGround> = {}) {
  const asked: unknown[] = [];
  const { callTool } = hookHands(none, {
    lets: (call) => {
      asked.push(call);
      return Promise.resolve(true);
    },
    cwd: '/work',
    session: () => null,
    subagents: () => null,
    mcp: () => ({
      toolNamed: (server, tool) => (server === 'memory' && tool === 'store' ? store : undefined),
      callFor: ({ name }, args) => Promise.resolve(`${name} ${JSON.stringify(args)}`),
    }),
    ...changes,
  });
  return { asked, call: (tool: string) => callTool({ server: 'memory', tool, input: { a: 1 }, signal }) };
}
const { signal } = new AbortController();

it('a hook calls a tool that the rules let pass', async () => {
  const { asked, call } = hands();
  expect(await call('store')).toBe('mcp__memory__store {"a":1}');
  expect(asked).toEqual([{ toolName: 'mcp__memory__store', args: { a: 1 }, cwd: '/work' }]);
});

it('a hook calls none that rules or hooks ask about or deny, nor one that is not there', async () => {
  const strict = hands({ lets: () => Promise.resolve(false) });
  await expect(strict.call('store')).rejects.toThrow('the rules or another hook ask about mcp__memory__store');
  await expect(hands().call('forget')).rejects.toThrow('no MCP server memory with a tool forget');
  await expect(hands({ mcp: () => null }).call('store')).rejects.toThrow('no MCP server memory');
});
