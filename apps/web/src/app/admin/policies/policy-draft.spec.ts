import type { AgentPolicy } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { draftProblems, NEW_RULE, policyDraft, policyOf } from './policy-draft';

const whole: AgentPolicy = {
  sandbox: {
    mode: 'basic',
    floor: 'none',
    allowedDomains: ['registry.npmjs.org', '*.example.org'],
    denied: ['~/customers'],
    readable: ['~/.netrc'],
    writable: ['/srv/cache'],
  },
  approvals: {
    rules: [
      { tool: 'bash', pattern: 'git push *', action: 'ask' },
      { tool: 'write', action: 'deny' },
    ],
    deadlineMs: 90 * 60_000,
    parentsMayAnswer: false,
  },
};

describe('a policy in its form', () => {
  it.each<[string, AgentPolicy]>([
    ['that says everything', whole],
    ['that says nothing', {}],
    ['that allows nothing', { sandbox: { allowedDomains: [], readable: [], writable: [] } }],
    ['of one field', { approvals: { parentsMayAnswer: true } }],
  ])('%s comes out as it went in', (_what, policy) => expect(policyOf(policyDraft(policy))).toEqual(policy));

  it('leaves out what was emptied', () => {
    const draft = policyDraft(whole);
    expect(policyOf({ ...draft, mode: '', floor: '', denied: ' \n', deadline: ' ', parents: '', rules: [] })).toEqual({
      sandbox: {
        allowedDomains: ['registry.npmjs.org', '*.example.org'],
        readable: ['~/.netrc'],
        writable: ['/srv/cache'],
      },
    });
  });

  it('takes lines and words without the space around them', () => {
    const draft = {
      ...policyDraft({}),
      denied: ' ~/a \n\n~/b\n',
      rules: [{ ...NEW_RULE, tool: ' bash ', pattern: ' ' }],
    };
    expect(policyOf(draft)).toEqual({
      sandbox: { denied: ['~/a', '~/b'] },
      approvals: { rules: [{ tool: 'bash', action: 'ask' }] },
    });
  });

  it('says what is no duration and no rule', () => {
    expect(draftProblems({ ...policyDraft(whole), deadline: 'soon' })).toHaveProperty('deadline');
    expect(draftProblems({ ...policyDraft(whole), rules: [{ ...NEW_RULE, tool: ' ' }] })).toHaveProperty('rules');
    expect(draftProblems(policyDraft(whole))).toEqual({});
  });
});
