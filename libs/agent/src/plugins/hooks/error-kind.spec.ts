import { expect, it } from 'vitest';
import { errorKind } from './error-kind.js';

it.each([
  ['429 You exceeded your current quota', 'rate_limit'],
  ['529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 'overloaded'],
  ['{"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"}}', 'overloaded'],
  ['401 {"type":"error","error":{"type":"authentication_error"}}', 'authentication_failed'],
  ['402 Payment required', 'billing_error'],
  ['Error: 400 Broken.', 'invalid_request'],
  ['404 no such model', 'model_not_found'],
  ['Error code 503 Service Unavailable', 'server_error'],
  ['418 teapot', 'unknown'],
  ['The answer had 500 words', 'unknown'],
  ['terminated', 'unknown'],
  ['', 'unknown'],
])('%j is %s', (said, kind) => expect(errorKind(said)).toBe(kind));
