import { expect, it } from 'vitest';
import { LoopbackAgent } from './connect.js';

it('keeps connections to one port apart from those to another', () => {
  const agent = new LoopbackAgent();
  const name = agent.getName({ port: 5173 });
  expect(agent.getName({ port: 5173, host: 'localhost' })).toBe(name);
  expect(agent.getName({ port: 5174 })).not.toBe(name);
});
