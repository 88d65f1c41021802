import { describe, expect, it } from 'vitest';
import { tunnelPolicyDraft, tunnelPolicyOf, tunnelPolicyProblems } from './tunnel-policy-draft';

const withMember = (ports: string, panels = true) => ({ ...tunnelPolicyDraft({}), member: { ports, panels } });

describe('a policy for tunnels in a form', () => {
  it.each([
    [{}],
    [{ member: { ports: [] } }],
    [{ owner: { ports: ['3000-3999', '5173'] }, reader: { ports: [], panels: false } }],
  ])('is what it was: %j', (policy) => {
    expect(tunnelPolicyOf(tunnelPolicyDraft(policy))).toEqual(policy);
  });

  it.each([
    ['', {}],
    ['  ', {}],
    ['None', { member: { ports: [] } }],
    ['5173,3000-3999  80', { member: { ports: ['5173', '3000-3999', '80'] } }],
  ])('means by %j', (ports, policy) => {
    expect(tunnelPolicyOf(withMember(ports))).toEqual(policy);
    expect(tunnelPolicyProblems(withMember(ports))).toEqual({});
  });

  it.each(['http', '0', '70000', '80-', '-80', '90-80', '1-2-3', '5173 none'])('has no use for %j', (ports) => {
    expect(Object.keys(tunnelPolicyProblems(withMember(ports)))).toEqual(['member']);
  });
});
