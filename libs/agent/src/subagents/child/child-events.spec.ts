import { describe, expect, it } from 'vitest';
import { textOfBlocks } from '../../events/text-blocks.js';
import { callObject } from './call-object.js';
import { ChildEventReader, type ChildEvent } from './child-events.js';

const usage = {
  input: 10,
  output: 2,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 12,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0.5 },
};
const finished = {
  role: 'assistant',
  content: [
    { type: 'thinking', thinking: 'hm' },
    { type: 'text', text: 'Grüße\u2028!' },
  ],
  stopReason: 'stop',
  usage,
};

function read(...chunks: (string | Buffer)[]): ChildEvent[] {
  const events: ChildEvent[] = [];
  const reader = new ChildEventReader((event) => events.push(event));
  for (const chunk of chunks) reader.add(Buffer.from(chunk));
  return events;
}
const line = (event: object): string => `${JSON.stringify(event)}\n`;

describe("pi's JSON mode", () => {
  it('is read line by line, wherever it is cut, and only what tells how a subagent gets on', () => {
    const text = [
      line({ type: 'session', version: 3, id: 'x' }),
      line({ type: 'tool_execution_start', toolCallId: 'c1', toolName: 'bash', args: { command: 'ls' } }),
      line({
        type: 'message_update',
        usage,
        assistantMessageEvent: { type: 'text_delta', contentIndex: 0, delta: 'Gr' },
      }),
      line({
        type: 'message_update',
        usage,
        assistantMessageEvent: { type: 'thinking_delta', contentIndex: 0, delta: 'no' },
      }),
      line({ type: 'message_end', message: { role: 'user', content: 'Task' } }),
      line({ type: 'message_end', message: finished }),
      line({ type: 'turn_end', message: finished, toolResults: [] }),
      line({ type: 'tool_execution_end', toolCallId: 'c1', toolName: 'bash', result: { content: [] }, isError: true }),
      'not JSON\n{"type":"message_end","mess',
    ].join('');
    const bytes = Buffer.from(text);
    const cut = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.subarray(at * 7, at * 7 + 7));
    const events = read(...cut);
    expect(events.map(({ type }) => type)).toEqual([
      'tool_execution_start',
      'message_update',
      'message_end',
      'tool_execution_end',
    ]);
    const [, , ended] = events;
    expect(ended?.type === 'message_end' && textOfBlocks(ended.message.content)).toBe('Grüße\u2028!');
    expect(read(text)).toEqual(events);
  });

  it('is not kept where a line is longer than anything that is needed', () => {
    const long = line({
      type: 'tool_execution_end',
      toolCallId: 'c1',
      isError: false,
      result: 'x'.repeat(9 * 1024 * 1024),
    });
    expect(read(long, line({ type: 'tool_execution_end', toolCallId: 'c2', isError: false }))).toMatchObject([
      { toolCallId: 'c2' },
    ]);
  });
});

it.each([
  [{ command: 'npm\n  test', timeout: 5 }, 'npm test'],
  [{ path: 'a.ts' }, 'a.ts'],
  [{ odd: [1] }, '{"odd":[1]}'],
  [
    {
      tasks: [
        { agent: 'scout', task: 'Look.' },
        { agent: 'scout', task: 'Look there.' },
      ],
    },
    '2 tasks for scout',
  ],
  [
    {
      chain: [
        { agent: 'scout', task: 'Look.' },
        { agent: 'worker', task: 'Do {previous}.' },
      ],
    },
    '2 steps: scout, worker',
  ],
  [{ tasks: [1, 2] }, '{"tasks":[1,2]}'],
  [undefined, ''],
])('says what the call %j is about', (args, words) => {
  expect(callObject(args)).toBe(words);
});

it('cuts what a call is about', () => {
  expect(callObject({ command: 'x'.repeat(5_000) })).toBe(`${'x'.repeat(199)}…`);
});
