import { expect, it } from 'vitest';
import { chooseChecks, checks } from './checks.mjs';

it('names choose checks, none means all, and one that is no check is not in order', () => {
  expect(chooseChecks(['format', 'types of scripts']).map(({ name }) => name)).toEqual(['types of scripts', 'format']);
  expect(chooseChecks([])).toEqual(checks);
  expect(() => chooseChecks(['types', 'spelling'])).toThrow(/^There is no check "spelling": lint, types,/);
});
