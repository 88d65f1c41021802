import type { ApiAnswer } from '@pizzapi/testing';
import { expect } from 'vitest';

interface Problem {
  code: string;
  detail: string;
  errors?: { path: string; message: string }[];
}

/** An RFC 9457 answer with everything that the contract promises. */
export function expectProblem(answer: ApiAnswer, status: number, code: string): Problem {
  expect(answer).toMatchObject({ status, body: { code, status } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body: Problem = Object.assign({ code: '', detail: '' }, answer.body);
  expect(body).toEqual({
    type: expect.stringMatching(/^\S+$/),
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/^["A-Z\w].+/),
    code,
    requestId: answer.headers.get('x-request-id'),
    ...(body.errors ? { errors: body.errors } : {}),
  });
  return body;
}
