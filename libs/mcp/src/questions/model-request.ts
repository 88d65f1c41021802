/** What a server would have the session's model asked. */
export interface ModelRequest {
  server: string;
  systemPrompt: string | null;
  messages: { role: 'user' | 'assistant'; text: string }[];
  /** Of the answer. */
  maxTokens: number;
  signal: AbortSignal;
}

/** `decline`: the person does not want it. `cancel`: nobody is there, or it is over. */
export type ModelAnswer =
  /** `isCut`: the bound of tokens ended it. */
  { action: 'accept'; model: string; text: string; isCut: boolean } | { action: 'decline' } | { action: 'cancel' };

/** Has a person agree, and asks the model. @throws Error when it cannot be asked */
export type LendModel = (request: ModelRequest) => Promise<ModelAnswer>;

interface GivenMessage {
  role: 'user' | 'assistant';
  content: { type: string; text?: unknown } | { type: string; text?: unknown }[];
}

/** The texts of a conversation. @throws Error where there is something else in it: it could not be shown to whoever is asked */
export function textsOf(messages: readonly GivenMessage[]): ModelRequest['messages'] {
  return messages.map(({ role, content }) => {
    const texts = [content].flat().map((block) => {
      if (block.type === 'text' && typeof block.text === 'string') return block.text;
      throw new Error('PizzaPi lends the model for texts alone.');
    });
    return { role, text: texts.join('\n') };
  });
}
