import { describe, expect, it } from 'vitest';
import { hardened } from './hardened.js';

const END = '--unsetenv SRT_ALLOW_NESTED_USERNS -- /bin/bash -c true';

describe('sandbox-runtime’s command line', () => {
  it('gets a wall around shared memory, and for root around the kernel’s settings', () => {
    expect(hardened(`bwrap --dev /dev --proc /proc ${END}`, false)).toBe(
      `bwrap --dev /dev --proc /proc --unshare-ipc ${END}`,
    );
    const line = hardened(`bwrap --proc /proc ${END}`, true);
    expect(line).toContain('--proc /proc --unshare-ipc --ro-bind-try /proc/sys/');
    expect(line).toContain('--ro-bind-try /proc/sys/kernel /proc/sys/kernel ');
    expect(line).not.toContain('/proc/sys/user');
  });

  it.each([
    ['is another one', `bwrap --proc /elsewhere ${END}`],
    [
      'holds the place twice, one of them as the name of a folder',
      `bwrap '/a --proc /proc ${END}' --proc /proc ${END}`,
    ],
  ])('that %s is not run', (_what, line) => expect(() => hardened(line, false)).toThrow('Reinstall'));
});
