import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../core/api/api-problem';
import { type FireDraft, fireProblems, fireRequest } from './fire-draft';

const draft: FireDraft = { runnerId: 'r1', type: 'ci:finished', payload: '{"a": 1}', deliverAs: 'steer', summary: ' ' };
const refused = (code: string, errors: { path: string; message: string }[] = []) =>
  fireProblems(new ApiProblem({ status: 422, code, detail: 'No.', fields: errors }));

describe('firing by hand', () => {
  it('sends what was typed', () => {
    expect(fireRequest(draft)).toEqual({ type: 'ci:finished', payload: { a: 1 }, deliverAs: 'steer' });
    expect(fireRequest({ ...draft, payload: ' ' })).toMatchObject({ payload: {} });
  });

  it.each(['{', '[1]', 'null', '"text"'])('says that %s is no payload', (payload) => {
    expect(fireRequest({ ...draft, payload })).toHaveProperty('problem');
  });

  it('shows the relay’s words at their field', () => {
    const errors = [
      { path: 'payload.a', message: 'must be string' },
      { path: 'payload.b', message: 'is required' },
    ];
    expect(refused('payload_invalid', errors)).toEqual({ payload: 'payload.a must be string; payload.b is required' });
    expect(refused('unknown_trigger_type')).toEqual({ type: 'No.' });
    expect(refused('payload_too_large')).toEqual({ payload: 'No.' });
    expect(refused('invalid_request', [{ path: 'summary', message: 'is too long' }])).toEqual({
      summary: 'is too long',
    });
    expect(refused('not_found')).toEqual({ form: 'No.' });
  });
});
