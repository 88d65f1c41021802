import { describe, expect, it } from 'vitest';
import { isInsideByName } from './inside-by-name.js';

describe('a path, by its name', () => {
  const roots = ['/srv/code', '/data/'];

  it.each(['/srv/code', '/srv/code/', '/srv/code/app', '/srv//code/./app/../lib', '/home/../srv/code/app', '/data'])(
    '%s is inside',
    (path) => expect(isInsideByName(path, roots)).toBe(true),
  );

  it.each(['/', '/srv', '/srv/code-secret', '/srv/code/..', '/srv/code/../../etc', '/etc', '/../etc', '/srv/other'])(
    '%s is outside',
    (path) => expect(isInsideByName(path, roots)).toBe(false),
  );

  it('is inside wherever it is, where the whole machine is a root', () => {
    expect(isInsideByName('/etc', ['/'])).toBe(true);
  });
});
