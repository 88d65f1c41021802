import { expect, it } from 'vitest';
import { mentionsIn } from './resource-mentions.js';

const of = (text: string): string[] => mentionsIn(text, ['docs', 'db']).map(({ server, uri }) => `${server} ${uri}`);

it.each([
  ['Read @docs:guide://start, please.', ['docs guide://start']],
  ['(@docs:file:///a/b.md)', ['docs file:///a/b.md']],
  ['@db:postgres://main/users and @docs:guide://start', ['db postgres://main/users', 'docs guide://start']],
  ['@docs:guide://start @docs:guide://start!', ['docs guide://start']],
  ['@other:guide://start', []],
  ['ada@docs:guide://start', []],
  ['@docs:none', []],
  ['@docs', []],
])('%j names %j', (text, found) => expect(of(text)).toEqual(found));

it('a message names five at most', () => {
  const many = Array.from({ length: 9 }, (_, at) => `@docs:guide://${at}`).join(' ');
  expect(of(many)).toHaveLength(5);
});
