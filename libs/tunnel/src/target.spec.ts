import { describe, expect, it } from 'vitest';
import { parseTarget, targetText, type TunnelTarget } from './target.js';

describe('targets', () => {
  it.each<TunnelTarget>([
    { kind: 'port', port: 1 },
    { kind: 'port', port: 65_535 },
    { kind: 'service', serviceId: 'my-service' },
    { kind: 'service', serviceId: 'Ärger/mit: %' },
  ])('are read as they were written: $kind', (target) => {
    expect(parseTarget(targetText(target))).toEqual(target);
    expect(targetText(target)).toMatch(/^[\x21-\x7e]+$/);
  });

  it.each([
    '',
    'port/',
    'port/0',
    'port/65536',
    'port/1.5',
    'port/-1',
    'port/1e3',
    'ports/1',
    'service/',
    'service/%E0%A4%A',
  ])('are none: %s', (text) => expect(parseTarget(text)).toBeNull());
});
