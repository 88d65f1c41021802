import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { SandboxMode } from '@pizzapi/protocol';
import { SandboxUncheckedError } from '../errors.js';
import { filterProgram } from '../launch/entries.js';
import { hardeningWords } from '../launch/hardened.js';

/**
 * Why this machine cannot keep a wall. `container`: it lacks user namespaces and is a container, whose own wall is then the boundary.
 */
export type SandboxGap = 'platform' | 'program_missing' | 'container' | 'user_namespaces';

export type SandboxCheck =
  | {
      isEnforceable: true;
      /** What it is not held against here all the same, in a sentence or two. */
      lack?: string;
    }
  | { isEnforceable: false; gap: SandboxGap; detail: string };

export interface CheckOptions {
  mode: SandboxMode;
  platform?: NodeJS.Platform;
  /** Where programs are looked for. */
  path?: string;
  isContainer?: () => boolean;
  /** The program that filters system calls; null: there is none. Default: sandbox-runtime's for this processor. */
  filter?: string | null;
  /** Of one trial. Default: 20 s. */
  timeoutMs?: number;
}

const ENFORCEABLE: SandboxCheck = { isEnforceable: true };
/** A wall like the one that sandbox-runtime builds, around nothing; see `wrapCommandWithSandboxLinux` there. */
const PROBE = [
  '--new-session',
  '--die-with-parent',
  '--unshare-user',
  '--unshare-pid',
  '--cap-drop',
  'ALL',
  '--ro-bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--proc',
  '/proc',
];
/** As root, only a process with this capability can make the filter's namespace. */
const CAP_SETFCAP = 31;
const NO_FILTER =
  `There is no filter of system calls for this kind of processor (${process.arch}), so commands in the sandbox reach daemons by their ` +
  'Unix sockets, such as Docker: stop those, or take them away from this user.';
/** On a busy machine a trial takes seconds. */
const TRIAL_TIMEOUT_MS = 20_000;
const ATTEMPTS = 3;
const PAUSE_MS = 300;
/** What the system says, or bwrap after it, where there are too many processes or open files, or too little memory. */
const SHORT = /Resource temporarily unavailable|Cannot allocate memory|Too many open files|Cannot fork/i;
const SHORT_CODES: ReadonlySet<string> = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);
const INSTALL = "Install it with the system's package manager, for example: apt-get install bubblewrap socat ripgrep.";

/**
 * Whether the operating system enforces a sandbox of this mode here. Tries it: what is installed need not be allowed.
 * @throws SandboxUncheckedError where that cannot be found out at the moment
 */
export async function checkSandbox(options: CheckOptions): Promise<SandboxCheck> {
  const { mode, platform = process.platform, path = env['PATH'] ?? '' } = options;
  if (mode === 'none') return ENFORCEABLE;
  if (platform === 'darwin') return ENFORCEABLE;
  if (platform !== 'linux') return gap('platform', `No sandbox is known for ${platform}; use Linux or macOS.`);
  const missing = ['bwrap', 'rg', ...(mode === 'full' ? ['socat'] : [])].filter((name) => !isOnPath(name, path));
  if (missing.length > 0) return gap('program_missing', `${missing.join(', ')} is not installed. ${INSTALL}`);
  const { filter = filterProgram() } = options;
  const refusal = await probe(mode, { path, filter, timeoutMs: options.timeoutMs ?? TRIAL_TIMEOUT_MS });
  if (refusal === null) return filter === null ? { isEnforceable: true, lack: NO_FILTER } : ENFORCEABLE;
  if ((options.isContainer ?? isContainer)()) {
    return gap(
      'container',
      `This container allows no user namespaces (${refusal}), so the container itself is the boundary: tools reach all that it holds.`,
    );
  }
  return gap(
    'user_namespaces',
    `The system refuses the namespaces that a sandbox needs (${refusal}). Allow unprivileged user namespaces, for example by the ` +
      'sysctl kernel.unprivileged_userns_clone=1 or an AppArmor profile for bwrap.',
  );
}

function gap(reason: SandboxGap, detail: string): SandboxCheck {
  return { isEnforceable: false, gap: reason, detail };
}

/**
 * A machine that has nothing to spare for a trial says nothing about walls: it is tried again, and if need be left open.
 * @returns why not, in the system's words; null when it works
 * @throws SandboxUncheckedError
 */
async function probe(
  mode: SandboxMode,
  { path, filter, timeoutMs }: { path: string; filter: string | null; timeoutMs: number },
): Promise<string | null> {
  const capabilities = filter !== null && mayMapRoot() ? ['--cap-add', 'CAP_SETFCAP'] : [];
  const wall = [...PROBE, ...hardeningWords(), ...capabilities, ...(mode === 'full' ? ['--unshare-net'] : [])];
  const inside = [...(filter === null ? [] : [filter]), '/bin/sh', '-c', ':'];
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryWall([...wall, '--', ...inside], path, timeoutMs);
    if (outcome.shortage === null) return outcome.refusal;
    if (attempt === ATTEMPTS) throw new SandboxUncheckedError(outcome.shortage);
    await pause(PAUSE_MS);
  }
}

interface Trial {
  /** Why there is no wall. */
  refusal: string | null;
  /** What the machine lacked to find that out. */
  shortage: string | null;
}

function tryWall(args: string[], path: string, timeoutMs: number): Promise<Trial> {
  const options = { env: { PATH: path, SRT_ALLOW_NESTED_USERNS: '0' }, timeout: timeoutMs };
  return new Promise((resolve) => {
    execFile('bwrap', args, options, (error, _stdout, stderr) => {
      if (error === null) return resolve({ refusal: null, shortage: null });
      const said = stderr.trim().split('\n').at(-1) || error.message;
      if (error.killed === true)
        return resolve({ refusal: null, shortage: `it took longer than ${timeoutMs / 1_000} s` });
      const isShort = SHORT.test(said) || SHORT_CODES.has(String(error.code));
      resolve({ refusal: said, shortage: isShort ? said : null });
    });
  });
}

function mayMapRoot(): boolean {
  if (process.geteuid?.() !== 0) return false;
  const [, bounding = '0'] = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${bounding}`) >> BigInt(CAP_SETFCAP)) & 1n) === 1n;
}

function isOnPath(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isContainer(): boolean {
  return (
    ['/.dockerenv', '/run/.containerenv'].some((path) => existsSync(path)) ||
    env['KUBERNETES_SERVICE_HOST'] !== undefined ||
    env['container'] !== undefined
  );
}
