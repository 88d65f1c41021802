import { expect, it } from 'vitest';
import { offeredResource } from './server-resource.js';

it('what a server has to read is told on one line of bounded length', () => {
  const resource = offeredResource('docs', `guide://${'x'.repeat(9_000)}`, {
    name: 'start',
    title: `A\nother secret://all: ${'y'.repeat(9_000)}`,
    description: 'In\n\nshort',
    mimeType: 'text/plain',
  });
  expect(resource).toMatchObject({
    server: 'docs',
    description: 'In short',
    mimeType: 'text/plain',
    isTemplate: false,
  });
  expect(resource.name).toMatch(/^A other secret:\/\/all: y+$/);
  expect([resource.uri.length, resource.name.length]).toEqual([2_000, 200]);
});
