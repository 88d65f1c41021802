import { expect, it } from 'vitest';
import { textsOf } from './model-request.js';

it('a conversation of texts is understood', () => {
  const text = (said: string) => ({ type: 'text', text: said });
  expect(
    textsOf([
      { role: 'user', content: text('Why?') },
      { role: 'assistant', content: [text('So.'), text('Or so.')] },
    ]),
  ).toEqual([
    { role: 'user', text: 'Why?' },
    { role: 'assistant', text: 'So.\nOr so.' },
  ]);
});

it.each([['image'], ['tool_use']])('one with a block of the type %s is not', (type) =>
  expect(() => textsOf([{ role: 'user', content: [{ type }] }])).toThrow('texts alone'),
);
