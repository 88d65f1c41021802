import type { AgentMessage } from '@earendil-works/pi-agent-core';
import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { InboxItem } from '@pizzapi/protocol';
import type { AttachedFiles, AttachedParts } from '../attachments/attached-files.js';
import { CONTEXT_MESSAGE } from '../plugins/hooks/hear-prompt.js';
import { HOOK_MESSAGE } from '../plugins/hooks/hook-extension.js';
import type { CustomMessage } from '../queue/custom-message.js';
import { CustomType, deliveryMessage, deliveryText, withAttached } from '../queue/delivery-message.js';

/** The one method of pi's agent that begins a run. */
interface Prompting {
  prompt(messages: AgentMessage | AgentMessage[]): Promise<void>;
}

type BeginRun = (messages: AgentMessage[], run: Prompting['prompt']) => Promise<void>;

/** Thrown inside pi's preparations of a turn that a person aborted before it began. */
export class TurnAbortedError extends Error {
  override readonly name = 'TurnAbortedError';
}

/**
 * Begins turns of pi and puts messages into running ones.
 *
 * A turn must begin by `session.prompt()`: only there pi checks the model, compacts, expands skills and templates, asks
 * extensions, and gives the model its system prompt (`sendCustomMessage` to an idle agent leaves all of that out). But
 * `prompt()` makes a plain user message, which has no room for a delivery's id. So the message is exchanged for ours
 * where the session passes it to its agent, before anything is stored.
 */
export class TurnDriver {
  readonly #session: AgentSession;
  readonly #attached: AttachedFiles;
  #beginRun: BeginRun | null = null;
  #isAborted = false;

  constructor(session: AgentSession, attached: AttachedFiles) {
    this.#session = session;
    this.#attached = attached;
    const agent: Prompting = session.agent;
    const run = agent.prompt.bind(agent);
    agent.prompt = (messages) => {
      const begin = this.#beginRun;
      this.#beginRun = null;
      return begin ? begin([messages].flat(), run) : run(messages);
    };
  }

  /** @param listener is awaited before each model call that can still take a message, and may {@link steer}: pi asks for steers right after it */
  beforeCalls(listener: () => Promise<void>): void {
    this.#session.agent.subscribe(async (event) => {
      if (event.type === 'agent_start' || (event.type === 'turn_end' && !hasFailed(event.message))) await listener();
    });
  }

  /** @param check made before each model call, those of pi's own summaries included; the call fails where it throws */
  checkCalls(check: () => void): void {
    const { agent } = this.#session;
    const call = agent.streamFunction;
    agent.streamFunction = (...request) => {
      check();
      return call(...request);
    };
  }

  /**
   * Runs a turn with this delivery to its end, retries included. Only for an idle session.
   *
   * @returns `handled` when no turn was needed, as with an extension's command.
   * @throws what pi says of a missing model or key; TurnAbortedError.
   */
  async start(item: InboxItem): Promise<'ran' | 'handled'> {
    let hasRun = false;
    const attached = this.#attached.partsOf(item);
    const message = deliveryMessage(item, attached);
    await this.#with(
      (messages, run) => {
        hasRun = true;
        return run(exchange(messages, message, attached));
      },
      () => this.#session.prompt(deliveryText(item), asOf(item)),
    );
    return hasRun ? 'ran' : 'handled';
  }

  /** Goes on from the conversation as it is. Its last message must not be a finished answer. */
  async continue(): Promise<void> {
    const placeholder = { customType: 'continue', content: '', display: false };
    await this.#with(
      () => this.#session.agent.continue(),
      () => this.#session.sendCustomMessage(placeholder, { triggerTurn: true }),
    );
  }

  /** As {@link start}, with what a hook says that ran in the background. */
  async wake(text: string): Promise<void> {
    await this.#with(
      (messages, run) => run(exchange(messages, hookMessage(text), null)),
      () => this.#session.prompt(text, { expandPromptTemplates: false, source: 'extension' }),
    );
  }

  /** Puts it before the next model call of the running turn. */
  tell(text: string): void {
    this.#session.agent.steer(hookMessage(text));
  }

  /** Puts a delivery before the next model call of the running turn. @param context what the model is told besides */
  steer(item: InboxItem, context: readonly string[]): void {
    const { agent } = this.#session;
    if (context.length > 0) {
      // They go together; deliveries come one at a time anyway.
      agent.steeringMode = 'all';
      const content = context.join('\n\n');
      agent.steer({ role: 'custom', customType: CONTEXT_MESSAGE, content, display: false, timestamp: Date.now() });
    }
    agent.steer(deliveryMessage(item, this.#attached.partsOf(item)));
  }

  /** Stops the turn, also one that is still being prepared. Resolves when the agent is idle. */
  async abort(): Promise<void> {
    this.#isAborted = true;
    await this.#session.abort();
  }

  async #with(begin: BeginRun, run: () => Promise<void>): Promise<void> {
    this.#isAborted = false;
    this.#beginRun = async (messages, original) => {
      if (this.#isAborted) throw new TurnAbortedError('The turn was aborted before it began.');
      await begin(messages, original);
    };
    try {
      await run();
    } finally {
      this.#beginRun = null;
    }
  }
}

export function hasFailed(message: AgentMessage): boolean {
  return message.role === 'assistant' && (message.stopReason === 'error' || message.stopReason === 'aborted');
}

function hookMessage(content: string): CustomMessage {
  return { role: 'custom', customType: HOOK_MESSAGE, content, display: true, timestamp: Date.now() };
}

/** A slash at the beginning is a command of a person's only: not of a trigger, nor of a parent session's agent. Plugins' commands go by the source. */
function asOf({ kind, fromSessionId }: InboxItem): { expandPromptTemplates: boolean; source: 'interactive' | 'rpc' } {
  const isPersons = kind === 'input' && fromSessionId === undefined;
  return { expandPromptTemplates: isPersons, source: isPersons ? 'interactive' : 'rpc' };
}

/** Puts `message` in the place of the user message that pi made of it, with the text as pi expanded it. */
function exchange(messages: AgentMessage[], message: CustomMessage, attached: AttachedParts | null): AgentMessage[] {
  const at = messages.findIndex(({ role }) => role === 'user');
  const made = messages[at];
  if (made?.role !== 'user') throw new Error('pi began a turn without the message that it was given.');
  return messages.with(
    at,
    message.customType === CustomType.input
      ? { ...message, content: withAttached(expandedText(made.content), attached) }
      : message,
  );
}

/** pi makes a text of its own for every message; images are ours to add. */
function expandedText(content: CustomMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
