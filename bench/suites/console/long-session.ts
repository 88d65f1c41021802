import type { SessionEventData } from '@pizzapi/protocol';
import type { RelayApi, ScriptedWorker } from '@pizzapi/testing';

/** Stands in the last message alone. */
export const LAST_WORDS = 'These are the last words of this session.';

type Entry = SessionEventData<'entry.appended'>;

const AT_ONCE = 200;
const USAGE = {
  input: 900,
  output: 300,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 1_200,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};

/**
 * Lets a worker say a conversation of `count` messages of `bytes` each on average, and waits until the transcript has it: the way of
 * every real session.
 */
export async function tellConversation(
  api: RelayApi,
  worker: ScriptedWorker,
  count: number,
  bytes: number,
): Promise<void> {
  for (let at = 0; at < count; at += AT_ONCE) {
    const entries = Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, offset) =>
      entryAt(at + offset, count, bytes),
    );
    worker.send(...entries.map((data) => ({ type: 'entry.appended' as const, data })));
    await worker.flushed();
  }
  for (;;) {
    const { body } = await api.get<{ lastSeq: number }>(`/api/sessions/${worker.sessionId}/transcript?limit=1`);
    if (body.lastSeq >= worker.lastSeq) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ten messages make a turn: a question, four tool calls with their results, an answer. */
function entryAt(index: number, count: number, bytes: number): Entry {
  const place = index % 10;
  const common = { entryId: `entry-${index}`, ts: new Date().toISOString() };
  // From a tenth to almost twice the average, evenly.
  const length = Math.round(bytes * (0.1 + (1.8 * ((index * 7) % 10)) / 9));
  const timestamp = Date.now();
  if (index === count - 1)
    return { ...common, kind: 'assistant', content: assistant(`${prose(index, length)}\n\n${LAST_WORDS}`, null) };
  if (place === 0)
    return {
      ...common,
      kind: 'user',
      content: { role: 'user', content: [{ type: 'text', text: prose(index, length) }], timestamp },
    };
  if (place === 9) return { ...common, kind: 'assistant', content: assistant(prose(index, length), null) };
  if (place % 2 === 1)
    return { ...common, kind: 'assistant', content: assistant(prose(index, length), `call-${index}`) };
  const text = Array.from(
    { length: Math.ceil(length / 60) },
    (_, line) => `${line}: output of the command, line ${line} of message ${index}`,
  ).join('\n');
  const content = {
    role: 'toolResult',
    toolCallId: `call-${index - 1}`,
    toolName: 'bash',
    content: [{ type: 'text', text }],
    isError: false,
    timestamp,
  };
  return { ...common, kind: 'tool', content };
}

function assistant(text: string, toolCallId: string | null): object {
  const call = { type: 'toolCall', id: toolCallId, name: 'bash', arguments: { command: 'npm test -- --reporter=dot' } };
  return {
    role: 'assistant',
    content: [{ type: 'text', text }, ...(toolCallId === null ? [] : [call])],
    api: 'openai-completions',
    provider: 'example',
    model: 'example',
    usage: USAGE,
    stopReason: toolCallId === null ? 'stop' : 'toolUse',
    timestamp: Date.now(),
  };
}

/** Markdown of about that many characters: paragraphs, a list and a block of code. */
function prose(index: number, length: number): string {
  const parts = [`Message ${index}.`];
  for (let part = 0, size = 0; size < length; part++) {
    const text = PARTS[(index + part) % PARTS.length] ?? '';
    parts.push(text);
    size += text.length + 2;
  }
  return parts.join('\n\n');
}

const PARTS = [
  'The parser reads one token at a time and keeps **no more than two** of them, so a file of any size passes through the same small window. What it cannot read it names, with the line and the column, and goes on after the next semicolon.',
  '- first the index is built, `O(n log n)`\n- then the pages are merged\n- at last the temporary files are removed, also after a failure',
  '```ts\nexport function quantile(sorted: readonly number[], q: number): number {\n  const at = (sorted.length - 1) * q;\n  const below = sorted[Math.floor(at)] ?? NaN;\n  return below + ((sorted[Math.ceil(at)] ?? NaN) - below) * (at % 1);\n}\n```',
  'Two numbers decide it: how many readers there are, and how far the slowest of them is behind. The first is known; the second is measured each time somebody asks, because a number that was remembered would be wrong by then.',
];
