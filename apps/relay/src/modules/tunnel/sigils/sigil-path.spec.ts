import { describe, expect, it } from 'vitest';
import { sigilDefOf, sigilPath } from './sigil-path.js';

describe('sigilPath', () => {
  it.each([
    ['/api/resolve/pr/{id}', '42', {}, '/api/resolve/pr/42'],
    ['/api/resolve/pr/{id}', '../x?y#z', {}, '/api/resolve/pr/..%2Fx%3Fy%23z'],
    ['/r/{id}', '1', { repo: 'a b&c' }, '/r/1?repo=a+b%26c'],
    ['/r?id={id}', '1', { a: '1' }, '/r?id=1&a=1'],
    ['/r/{id}', '..', {}, null],
    ['./api/pr/{id}', '1', {}, '/api/pr/1'],
    ['api/pr/{id}', '1', { a: 'b:c' }, '/api/pr/1?a=b%3Ac'],
    ['http://evil/{id}', '1', {}, null],
  ])('of %s and %s', (resolve, id, params, path) => {
    expect(sigilPath(resolve, id, params)).toBe(path);
  });
});

it('prefers a sigil’s type to another’s alias', () => {
  const defs = [
    { serviceId: 'a', type: 'pull', label: 'Pull', aliases: ['pr'] },
    { serviceId: 'b', type: 'pr', label: 'PR' },
  ];
  expect(sigilDefOf(defs, 'pr')?.serviceId).toBe('b');
  expect(sigilDefOf([defs[0]!], 'pr')?.serviceId).toBe('a');
  expect(sigilDefOf(defs, 'issue')).toBeNull();
});
