import { expect, it } from 'vitest';
import { policyRefusal } from './may-open.js';

it.each([
  [{}, 5173, null],
  [{ admin: { ports: [] } }, 5173, null],
  [{ member: { panels: false } }, 5173, null],
  [{ member: { ports: ['3000-3999', '5173'] } }, 5173, null],
  [{ member: { ports: ['3000-3999', '5173'] } }, 3000, null],
  [{ member: { ports: ['3000-3999', '5173'] } }, 3999, null],
  [
    { member: { ports: ['3000-3999', '5173'] } },
    4000,
    'lets the role member expose 3000-3999, 5173, and not port 4000',
  ],
  [{ member: { ports: ['3000-3999', '5173'] } }, 517, 'and not port 517'],
  [{ member: { ports: [] } }, 5173, 'does not let the role member expose ports'],
  [{ member: { ports: [] } }, null, null],
  [{ member: { panels: false } }, null, 'does not let the role member open panels'],
])('of %j a member asks for %s', (policy, port, said) => {
  const refusal = policyRefusal(policy, 'member', port);
  if (said === null) expect(refusal).toBeNull();
  else expect(refusal).toContain(said);
});
