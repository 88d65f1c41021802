import { ChildTrigger, ProblemCode } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { answerIn } from './response-to-child.js';

const { question, plan, approval } = ChildTrigger;

describe('answerIn', () => {
  it.each([
    [question, { text: 'Blue' }, { decision: 'allow', text: 'Blue' }],
    [question, { action: 'Answer', text: 'Blue' }, { decision: 'allow', text: 'Blue' }],
    [question, { action: 'decline' }, { decision: 'deny' }],
    [question, { action: 'decline', text: 'Later.' }, { decision: 'deny', text: 'Later.' }],
    [plan, { action: 'approve' }, { decision: 'allow', text: 'Approve' }],
    [plan, { action: 'approve', text: 'Slowly.' }, { decision: 'allow', text: 'Approve: Slowly.' }],
    [plan, { action: 'reject', text: 'Twice.' }, { decision: 'allow', text: 'Change it: Twice.' }],
    [approval, { action: 'allow' }, { decision: 'allow', scope: 'once' }],
    [approval, { action: 'deny', text: 'No.' }, { decision: 'deny', text: 'No.' }],
  ] as const)('of %s takes %j for %j', (type, response, answer) => {
    expect(answerIn(type, response)).toEqual(answer);
  });

  it.each([
    [question, {}],
    [question, { text: ' ' }],
    [question, { action: 'explode', text: 'x' }],
    [plan, { text: 'Fine' }],
    [plan, { action: 'answer', text: 'No, stop.' }],
    [plan, { action: 'reject', text: 'x'.repeat(9_999) }],
    [approval, { action: 'answer', text: 'Never.' }],
    [approval, {}],
    [approval, { text: 'Sure' }],
  ] as const)('of %s refuses %j and says what would be one', (type, response) => {
    expect(() => answerIn(type, response)).toThrow(expect.objectContaining({ code: ProblemCode.invalidRequest }));
  });
});
