import { afterEach, expect, it, vi } from 'vitest';
import { helpIsAsked, refuseArguments } from './help.mjs';
import * as usages from './usages.mjs';

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([[['--help']], [['relay', '-h']]])('says how a command is used for %j', (args) => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
  expect(helpIsAsked('\nUsage: npm start\n', args)).toBe(true);
  expect(log.mock.calls).toEqual([['Usage: npm start']]);
});

it('says nothing that nobody asked for', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
  expect(helpIsAsked('Usage: npm start', ['relay'])).toBe(false);
  expect(log).not.toHaveBeenCalled();
});

it('refuses an argument that would change nothing, and says how it is set', () => {
  expect(() => refuseArguments('npm start', ['--port', '8080'])).toThrow(
    '"npm start" takes no argument "--port". Settings come from the environment, as in: PIZZAPI_PORT=8080 npm start',
  );
  expect(() => refuseArguments('npm start', [])).not.toThrow();
});

it.each(Object.entries(usages))('%s fits a terminal', (_name, usage) => {
  expect(usage.split('\n').filter((line) => line.length > 120)).toEqual([]);
});
