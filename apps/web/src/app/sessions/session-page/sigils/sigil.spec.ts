import { describe, expect, it } from 'vitest';
import { halfSigilType, sigilAt } from './sigil';

describe('sigilAt', () => {
  it.each([
    ['[[pr:42]]', 'pr', '42', {}],
    ['[[commit:abc1234]] and more', 'commit', 'abc1234', {}],
    ['[[file:src/a.ts:12]]', 'file', 'src/a.ts:12', {}],
    ['[[pull-request:7 repo=shop/api]]', 'pull-request', '7', { repo: 'shop/api' }],
    ['[[pr:7 repo="shop api" note="say \\"hi\\"" n=]]', 'pr', '7', { repo: 'shop api', note: 'say "hi"', n: '' }],
    ['[[pr:7  a=1\tb=2 ]]', 'pr', '7', { a: '1', b: '2' }],
    ['[[pr:<img/src=x>]]', 'pr', '<img/src=x>', {}],
  ])('reads %s', (text, type, id, params) => {
    expect(sigilAt(text)).toMatchObject({ type, id, params });
    expect(text.startsWith(sigilAt(text)?.raw ?? '?')).toBe(true);
  });

  it.each([
    '[[pr]]',
    '[[pr:]]',
    '[[:42]]',
    '[pr:42]',
    '[[pr:4 2]]',
    '[[pr:42\nrepo=x]]',
    '[[pr:42 repo]]',
    '[[pr:42]',
    '[[pr:[42]]]',
    ' [[pr:42]]',
    `[[pr:${'4'.repeat(501)}]]`,
    `[[pr:42 ${'a=b '.repeat(1_000)}]]`,
  ])('leaves %s alone', (text) => {
    expect(sigilAt(text)).toBeNull();
  });

  it('takes a name that objects have as a name', () => {
    expect(Object.entries(sigilAt('[[pr:1 __proto__=x constructor=y]]')?.params ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });
});

describe('halfSigilType', () => {
  it('knows a sigil by every beginning of it', () => {
    const text = '[[pr:42 repo="shop api" state=open ]]';
    for (let length = '[[pr:'.length; length < text.length; length += 1) {
      expect([length, halfSigilType(text.slice(0, length))]).toEqual([length, 'pr']);
    }
  });

  it.each(['[[pr', '[[pr:42 and on', '[[pr:42]]', '[[pr:42] x', '[[pr:42\n', 'x [[pr:4'])(
    'does not wait for the end of %s',
    (text) => {
      expect(halfSigilType(text)).toBeNull();
    },
  );

  it('answers at once, whatever it is given', () => {
    const startedAt = performance.now();
    for (const hostile of [
      `[[pr:1${' a=b'.repeat(499)}!`,
      `[[pr:1 a="${'\\'.repeat(1_900)}`,
      `[[${'pr:'.repeat(600)}`,
    ]) {
      halfSigilType(hostile);
      sigilAt(hostile);
    }
    // Tried in every way it would be hours.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
