import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

/** What a test needs to see of a request for a completion; the rest is ignored. */
const ChatRequest = Type.Object({
  model: Type.String(),
  messages: Type.Array(Type.Object({ role: Type.String(), content: Type.Optional(Type.Unknown()) })),
  tools: Type.Optional(Type.Array(Type.Unknown())),
});
export type ChatRequest = Static<typeof ChatRequest>;

/** A door that a test opens: what waits for `opened` goes on then. */
export interface Gate {
  opened: Promise<void>;
  open: () => void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** Says one answer, piece by piece. Each piece is on the wire when its promise resolves. */
export interface Answer {
  text(chunk: string): Promise<void>;
  thinking(chunk: string): Promise<void>;
  /** A call of a tool; the answer then ends with `tool_calls`. The id is made up when none is given. */
  toolCall(name: string, args: object, id?: string): Promise<void>;
  /** Answers with an HTTP error instead. Only as the first and last step. */
  fail(status: number, message?: string): Promise<void>;
  /** Never goes on; ends when the client leaves. */
  hang(): Promise<void>;
  /** Resolves when the client went away before the answer was complete. */
  aborted: Promise<void>;
}

export type AnswerScript = (answer: Answer, request: ChatRequest) => Promise<void> | void;

/** About a hundred words a second. */
const WORD_MS = 10;

/** Streams words until the gate is opened, runs a small command, and so asks for one more answer. */
export function wordsUntil(end: Gate): AnswerScript {
  return async (answer) => {
    let isOver = false;
    const over = Promise.race([end.opened, answer.aborted]).then(() => (isOver = true));
    for (let number = 1; !isOver; number++) {
      await answer.text(`word ${number} `);
      await Promise.race([over, pause(WORD_MS)]);
    }
    await answer.toolCall('bash', { command: 'echo done' });
  };
}

/** An OpenAI-compatible server whose answers a test writes, one script per request, in order. */
export interface ScriptedModel extends AsyncDisposable {
  /** For `baseUrl`. */
  url: string;
  /** The content of a `models.json` with this server as provider `scripted` and its model `m1`. */
  modelsJson: object;
  requests: readonly ChatRequest[];
  /** Adds the answer to the next request that has none yet. */
  next(...scripts: AnswerScript[]): void;
  /** Answers every request for which no script was added; without it such requests get a 400. */
  otherwise(script: AnswerScript): void;
  /** Resolves when the n-th request (from 1) has come. */
  request(n: number): Promise<ChatRequest>;
  close(): Promise<void>;
}

/** Starts a scripted model on a free port of 127.0.0.1. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const scripts: AnswerScript[] = [];
  let fallback: AnswerScript = (answer) => answer.fail(400, 'The test has no script for this request.');
  const requests: ChatRequest[] = [];
  const waiting: { n: number; resolve: (request: ChatRequest) => void }[] = [];

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = Value.Parse(ChatRequest, JSON.parse(await bodyOf(incoming)));
    const script = scripts.shift() ?? fallback;
    requests.push(request);
    for (const { n, resolve } of waiting) if (n === requests.length) resolve(request);
    await answerBy(script, request, outgoing);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url,
    modelsJson: {
      providers: {
        scripted: {
          baseUrl: url,
          api: 'openai-completions',
          apiKey: 'test-key',
          models: [
            { id: 'm1', name: 'Scripted model', contextWindow: 100_000, reasoning: true },
            { id: 'm2', name: 'Second model', contextWindow: 50_000 },
          ],
        },
      },
    },
    requests,
    next: (...added) => void scripts.push(...added),
    otherwise: (script) => void (fallback = script),
    request: (n) => {
      const seen = requests[n - 1];
      return seen ? Promise.resolve(seen) : new Promise((resolve) => waiting.push({ n, resolve }));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function answerBy(script: AnswerScript, request: ChatRequest, outgoing: ServerResponse): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) resolve();
    });
  });
  let toolCalls = 0;
  const delta = (content: object) =>
    send(outgoing, request, { choices: [{ index: 0, delta: content, finish_reason: null }] });
  await script(
    {
      text: (chunk) => delta({ content: chunk }),
      thinking: (chunk) => delta({ reasoning_content: chunk }),
      toolCall: (name, args, id = `call_${name}_${Date.now()}_${toolCalls}`) => {
        const index = toolCalls++;
        return delta({
          tool_calls: [{ index, id, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
        });
      },
      fail: (status, message = `Scripted error ${status}`) => {
        outgoing.writeHead(status, { 'content-type': 'application/json' });
        outgoing.end(JSON.stringify({ error: { message, type: 'scripted_error' } }));
        return Promise.resolve();
      },
      hang: () => aborted,
      aborted,
    },
    request,
  );
  if (outgoing.writableEnded || outgoing.destroyed) return;
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
  await send(outgoing, request, {
    choices: [{ index: 0, delta: {}, finish_reason: toolCalls > 0 ? 'tool_calls' : 'stop' }],
    usage,
  });
  outgoing.end('data: [DONE]\n\n');
}

function send(outgoing: ServerResponse, request: ChatRequest, body: object): Promise<void> {
  if (outgoing.destroyed) return Promise.resolve();
  if (!outgoing.headersSent) outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: request.model, ...body };
  // A client that left is seen by `aborted`, not here.
  return new Promise((resolve) => outgoing.write(`data: ${JSON.stringify(chunk)}\n\n`, () => resolve()));
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
