/**
 * What a subagent's process loads into pi besides pi itself. CommonJS and without imports at run time, because pi compiles anything else
 * anew at every start. It decides nothing: every tool call is asked about in the session's worker, over the channel that only this process has.
 */
import type { AgentToolResult, ExtensionAPI } from '@earendil-works/pi-coding-agent' with {
  'resolution-mode': 'import',
};

type ToolResult = AgentToolResult<unknown>;

/** How the worker begins; see `child-messages.ts`, where both sides' messages are defined. */
interface Begin {
  type: 'begin';
  /** The agent's own, in addition to pi's system prompt. */
  instructions: string;
  /** Tools that run in the session's worker, or where that sends them. Of pi's own names, they take the place of pi's own. */
  tools: RemoteTool[];
}
interface RemoteTool {
  name: string;
  label: string;
  description: string;
  promptSnippet?: string;
  promptGuidelines?: string[];
  parameters: Record<string, unknown>;
}
interface Answer {
  type: 'answer';
  id: number;
  /** Of a tool call: why it must not run. */
  blockedBy?: string;
  /** Of a tool call that may run: what the model is told besides its result. */
  note?: string;
  /** Of a tool call that may run: what it runs with, where a hook changed that. */
  args?: Record<string, unknown>;
  /** Of a tool that has ended: what takes the place of its text, where a hook says so. */
  output?: string;
  /** Of a tool that ran: its result. */
  result?: ToolResult;
  /** Of one that failed: why. */
  error?: string;
}

/** Not for the commands that the agent runs. */
const OWN_VARIABLES = ['NODE_COMPILE_CACHE', 'JITI_FS_CACHE'];

/** The channel to the session's worker. While something is asked, it keeps this process alive. */
class Worker {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  constructor() {
    process.on('message', (message: Answer) => {
      if (message.type !== 'answer') return;
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
      if (this.#waiting.size === 0) process.channel?.unref();
    });
    // Nobody is left to ask or to answer to: pi ends its tools' processes, then itself.
    process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  }

  /** Resolves with the worker's first words. */
  begin(): Promise<Begin> {
    return new Promise((resolve) => {
      process.once('message', (message: Begin) => {
        process.channel?.unref();
        resolve(message);
      });
    });
  }

  ask(question: object): Promise<Answer> {
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, resolve);
      process.channel?.ref();
      if (!process.send) throw new Error('A subagent runs only as the child of a session.');
      process.send({ ...question, id }, (error: Error | null) => {
        if (error) reject(error);
      });
    });
  }

  /** Has a tool run there. */
  async run(toolName: string, toolCallId: string, args: unknown, signal: AbortSignal | undefined): Promise<ToolResult> {
    const onAbort = (): void => void process.send?.({ type: 'abort', toolCallId });
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const { result, error } = await this.ask({ type: 'run-tool', toolName, toolCallId, args });
      if (error !== undefined || result === undefined) throw new Error(error ?? `The tool ${toolName} gave no result.`);
      return result;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

async function subagentExtension(pi: ExtensionAPI): Promise<void> {
  for (const name of OWN_VARIABLES) delete process.env[name];
  const worker = new Worker();
  const { instructions, tools } = await worker.begin();
  const notes = new Map<string, string>();

  pi.on('before_agent_start', ({ systemPrompt }) => ({ systemPrompt: `${systemPrompt}\n\n${instructions}` }));
  // What is thrown here keeps the call from running.
  pi.on('tool_call', async ({ toolName, toolCallId, input }) => {
    const { blockedBy, note, args } = await worker.ask({ type: 'tool-call', toolName, toolCallId, args: input });
    if (blockedBy !== undefined) return { block: true, reason: blockedBy };
    if (args !== undefined) replaceFields(input, args);
    if (note !== undefined) notes.set(toolCallId, note);
    return undefined;
  });
  pi.on('tool_result', async ({ toolName, toolCallId, input, content, isError }, { cwd }) => {
    const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
    const end = { toolName, toolCallId, args: input, cwd, text: texts.join('\n'), isError };
    const { note: said, output } = await worker.ask({ type: 'tool-result', ...end });
    const before = notes.get(toolCallId);
    notes.delete(toolCallId);
    const words = [before, said].filter((note) => note !== undefined);
    if (words.length === 0 && output === undefined) return undefined;
    const shown = output === undefined ? content : [{ type: 'text' as const, text: output }];
    return { content: [...shown, ...words.map((text) => ({ type: 'text' as const, text }))] };
  });

  for (const tool of tools)
    pi.registerTool({ ...tool, execute: (id, args, signal) => worker.run(tool.name, id, args, signal) });
}

/** pi runs the very object that it asks about. */
function replaceFields(target: object, fields: Record<string, unknown>): void {
  for (const name of Object.keys(target)) Reflect.deleteProperty(target, name);
  Object.assign(target, fields);
}

export = subagentExtension;
