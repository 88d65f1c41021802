import { expect, it } from 'vitest';
import { PortRules } from './port-rules.js';

it.each([
  ['http://127.0.0.1:7492', 7492, /relay's own/],
  ['http://[::1]:7492', 7492, /relay's own/],
  ['http://127.0.0.1:7492', 5173, null],
  // Another machine's port of that number is not this one's.
  ['http://192.0.2.1:7492', 7492, null],
  ['https://192.0.2.1', 443, null],
])('a runner of %s and the port %i', async (relayUrl, port, refusal) => {
  const rules = new PortRules({ relayUrl });
  const said = await rules.refusal(port);
  if (refusal === null) expect(said).toBeNull();
  else expect(said).toMatch(refusal);
  expect(rules.isFree(port)).toBe(port === 5173);
});

it('without a relay each port is free', async () => {
  const rules = new PortRules({ relayUrl: null });
  expect(rules.isFree(7492)).toBe(true);
  expect(await rules.refusal(7492)).toBeNull();
});
