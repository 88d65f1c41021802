import { describe, expect, it } from 'vitest';
import { parseCommand } from './arguments.js';

describe('the command line', () => {
  it.each([
    [[], 'runner'],
    [['runner'], 'runner'],
    [['--help'], 'help'],
    [['-v'], 'version'],
    [['runner', '--help'], 'help'],
    [['walk'], 'mistake'],
    [['plugins'], 'plugins'],
    [['plugins', 'x'], 'mistake'],
    [['plugins', 'trust', 'folder'], 'plugins-trust'],
    [['plugins', 'trust'], 'mistake'],
    [['plugins', 'trust', 'a', 'b'], 'mistake'],
    [['plugins', 'untrust', 'folder'], 'plugins-untrust'],
    [['plugins', 'trusted'], 'plugins-trusted'],
    [['plugins', 'trusted', 'x'], 'mistake'],
    [['runner', 'fast'], 'mistake'],
    [['--fast'], 'mistake'],
    [['service', 'new', 'clock'], 'service-new'],
    [['service', '--help'], 'help'],
    [['service'], 'mistake'],
    [['service', 'old', 'clock'], 'mistake'],
    [['service', 'new'], 'mistake'],
    [['service', 'new', 'clock', 'radio'], 'mistake'],
  ])('reads %j as %s', (args, name) => {
    expect(parseCommand(args).name).toBe(name);
  });
});
