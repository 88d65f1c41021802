import { describe, expect, it } from 'vitest';
import { readProviderError } from './provider-error';

describe('readProviderError', () => {
  it.each([
    ['503: {"message":"The oven is overloaded","type":"scripted_error"}', 'The oven is overloaded (503)'],
    ['429 {"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}', 'Slow down (429)'],
    ['{"error":"invalid_grant","error_description":"The token has expired"}', 'The token has expired'],
    ['{"error":{"message":"{\\"error\\":{\\"message\\":\\"Quota is used up\\"}}","code":429}}', 'Quota is used up'],
    ['Bad gateway: {"error":{"code":"oops"}', 'Bad gateway: {"error":{"code":"oops"}'],
  ])('takes the sentence out of %s', (text, sentence) => {
    expect(readProviderError(text).sentence).toBe(sentence);
  });

  it('keeps the raw text only where it says more', () => {
    expect(readProviderError('Connection error.')).toEqual({ sentence: 'Connection error.', raw: '' });
    expect(readProviderError('400 {"message":"No"}').raw).toBe('400 {"message":"No"}');
    const page = `Bad gateway\n<html>${'x'.repeat(500)}</html>`;
    expect(readProviderError(page)).toEqual({ sentence: 'Bad gateway', raw: page });
  });
});
