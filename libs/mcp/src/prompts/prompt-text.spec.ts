import { expect, it } from 'vitest';
import { promptText } from './prompt-text.js';

const says = (role: 'user' | 'assistant', text: string) => ({ role, content: { type: 'text' as const, text } });

it('a prompt is one text, with what the agent is to have said', () =>
  expect(promptText({ messages: [says('user', 'Hi.'), says('assistant', 'Hello.')] })).toBe(
    'Hi.\n\nYou said:\nHello.',
  ));

it('a prompt is bounded, however many messages it has', () => {
  const messages = Array.from({ length: 50 }, () => says('user', 'x'.repeat(90_000)));
  expect(promptText({ messages })).toHaveLength(100_000 + '\n[cut: the prompt is longer]'.length);
});
