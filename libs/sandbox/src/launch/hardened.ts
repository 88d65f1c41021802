import { readdirSync } from 'node:fs';

/** In the command line of sandbox-runtime: the file system of processes has been mounted, and nothing lies above it yet. */
const MOUNTED = / --proc \/proc(?= --unsetenv SRT_ALLOW_NESTED_USERNS )/g;
const KERNEL = '/proc/sys';
/** Besides, what root can change in /proc. A process that is root outside counts as root behind the wall wherever the kernel checks only the user. */
const OF_ROOT = [
  'acpi',
  'bus',
  'driver',
  'dynamic_debug',
  'fs',
  'irq',
  'mtrr',
  'scsi',
  'sysrq-trigger',
  'tty/driver',
].map((name) => `/proc/${name}`);
/** Belongs to the namespace of users, which is the wall's own; the filter of system calls sets a limit there. */
const OWN_LIMITS = 'user';

/**
 * What sandbox-runtime leaves open of Linux is closed by these: memory and queues that programs of the machine share (System V's and POSIX's), and
 * where the runner is root, settings of the kernel, by which a command could run anything outside.
 */
export function hardeningWords(isRoot = process.geteuid?.() === 0): string[] {
  const settings = isRoot ? readdirSync(KERNEL).filter((name) => name !== OWN_LIMITS) : [];
  const fixed = isRoot ? [...settings.map((name) => `${KERNEL}/${name}`), ...OF_ROOT] : [];
  return ['--unshare-ipc', ...fixed.flatMap((path) => ['--ro-bind-try', path, path])];
}

/**
 * sandbox-runtime's command line with {@link hardeningWords}.
 * @throws when it is not the one that this knows: then it must not run
 */
export function hardened(command: string, isRoot?: boolean): string {
  if ([...command.matchAll(MOUNTED)].length !== 1)
    throw new Error('sandbox-runtime builds another command line than this version of PizzaPi knows. Reinstall it.');
  return command.replace(MOUNTED, (found) => `${found} ${hardeningWords(isRoot).join(' ')}`);
}
