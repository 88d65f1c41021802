import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Client, type ElicitResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import { fieldsOf, type FieldValue, type QuestionField } from '../questions/question-fields.js';

/** What a server wants to know of a person. */
export interface ServerQuestion {
  server: string;
  message: string;
  /** None: only a yes is wanted. */
  fields: QuestionField[];
  signal: AbortSignal;
}

/** `decline`: the person does not want to say. `cancel`: nobody is there, or it is over. */
export type ServerAnswer =
  { action: 'accept'; content: Record<string, FieldValue> } | { action: 'decline' } | { action: 'cancel' };

/** @throws Error when it cannot be asked */
export type AskPerson = (question: ServerQuestion) => Promise<ServerAnswer>;

/** What a client says of itself; what is not in it, well-behaved servers do not ask for. */
export const CLIENT_CAPABILITIES = { roots: {}, elicitation: { form: {} } };

const NO_SAMPLING =
  "PizzaPi does not lend the session's model to servers: sampling is refused. Call a provider of your own, or return what the agent is to think about.";

export interface RequestHands {
  server: string;
  cwd: string;
  ask: AskPerson;
  /** Told when a question begins; what it returns, when it has ended. */
  onAsking: () => () => void;
}

/** Answers what the server asks of its client. Call before it is connected. */
export function answerRequests(client: Client, { server, cwd, ask, onAsking }: RequestHands): void {
  client.setRequestHandler('roots/list', () => ({ roots: [{ uri: pathToFileURL(cwd).href, name: basename(cwd) }] }));
  client.setRequestHandler('elicitation/create', async ({ params }, { mcpReq }): Promise<ElicitResult> => {
    if (!('requestedSchema' in params))
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        'PizzaPi opens no addresses for servers: ask by a form.',
      );
    const asked = onAsking();
    try {
      const fields = fieldsOf(params.requestedSchema);
      return await ask({ server, message: params.message, fields, signal: mcpReq.signal });
    } finally {
      asked();
    }
  });
  client.fallbackRequestHandler = ({ method }) => {
    const why = method === 'sampling/createMessage' ? NO_SAMPLING : `PizzaPi does not know the request ${method}.`;
    return Promise.reject(new ProtocolError(ProtocolErrorCode.MethodNotFound, why));
  };
}
