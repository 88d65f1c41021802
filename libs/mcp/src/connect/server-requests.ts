import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Client,
  type CreateMessageResult,
  type ElicitResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/client';
import { fieldsOf, type FieldValue, type QuestionField } from '../questions/question-fields.js';
import { type LendModel, textsOf } from '../questions/model-request.js';
import { linkIn } from '../questions/question-link.js';

/** What a server wants to know of a person. */
export interface ServerQuestion {
  server: string;
  message: string;
  /** None: only a yes is wanted. */
  fields: QuestionField[];
  /** What the person is to open in a browser; nothing opens it by itself. */
  link?: { url: string; host: string };
  signal: AbortSignal;
}

/** `decline`: the person does not want to say. `cancel`: nobody is there, or it is over. */
export type ServerAnswer =
  { action: 'accept'; content: Record<string, FieldValue> } | { action: 'decline' } | { action: 'cancel' };

/** @throws Error when it cannot be asked */
export type AskPerson = (question: ServerQuestion) => Promise<ServerAnswer>;

/** What a client says of itself; what is not in it, well-behaved servers do not ask for. */
const CAPABILITIES = { roots: {}, elicitation: { form: {}, url: {} } };

/** @param lendsModel whether the session's model may be asked for */
export const clientCapabilities = (lendsModel: boolean) =>
  lendsModel ? { ...CAPABILITIES, sampling: {} } : CAPABILITIES;

const NO_SAMPLING =
  "PizzaPi does not lend the session's model to servers: sampling is refused. Call a provider of your own, or return what the agent is to think about.";

export interface RequestHands {
  server: string;
  cwd: string;
  ask: AskPerson;
  /** Null: the session's model is not lent. */
  lendModel: LendModel | null;
  /** Told when a question begins; what it returns, when it has ended. */
  onAsking: () => () => void;
}

/** Answers what the server asks of its client. Call before it is connected. */
export function answerRequests(client: Client, { server, cwd, ask, lendModel, onAsking }: RequestHands): void {
  if (lendModel) lend(client, { server, lendModel, onAsking });
  client.setRequestHandler('roots/list', () => ({ roots: [{ uri: pathToFileURL(cwd).href, name: basename(cwd) }] }));
  client.setRequestHandler('elicitation/create', async ({ params }, { mcpReq }): Promise<ElicitResult> => {
    const { message } = params;
    const { signal } = mcpReq;
    const asked = onAsking();
    try {
      if ('requestedSchema' in params)
        return await ask({ server, message, fields: fieldsOf(params.requestedSchema), signal });
      const { action } = await ask({ server, message, fields: [], link: shownLink(params.url), signal });
      return { action };
    } finally {
      asked();
    }
  });
  client.fallbackRequestHandler = ({ method }) => {
    const why = method === 'sampling/createMessage' ? NO_SAMPLING : `PizzaPi does not know the request ${method}.`;
    return Promise.reject(new ProtocolError(ProtocolErrorCode.MethodNotFound, why));
  };
}

function lend(
  client: Client,
  { server, lendModel, onAsking }: Pick<RequestHands, 'server' | 'onAsking'> & { lendModel: LendModel },
): void {
  client.setRequestHandler('sampling/createMessage', async ({ params }, { mcpReq }): Promise<CreateMessageResult> => {
    const { messages, systemPrompt = null, maxTokens } = params;
    const asked = onAsking();
    try {
      const request = { server, systemPrompt, messages: textsOf(messages), maxTokens, signal: mcpReq.signal };
      const answer = await lendModel(request);
      if (answer.action !== 'accept') throw new ProtocolError(REJECTED, 'Nobody agreed to ask the model.');
      const { model, text, isCut } = answer;
      return { model, role: 'assistant', content: { type: 'text', text }, stopReason: isCut ? 'maxTokens' : 'endTurn' };
    } finally {
      asked();
    }
  });
}

/** The specification's code for a person's no. */
const REJECTED = -1;

function shownLink(address: string): { url: string; host: string } {
  try {
    return linkIn(address);
  } catch (error) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, error instanceof Error ? error.message : String(error));
  }
}
