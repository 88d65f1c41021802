import { accessSync, constants, lstatSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import type { Refusal } from '../refusal.js';
import { holdsFixed, judge, type SandboxRule } from './judge.js';
import { realPath, type SandboxPolicy } from './policy.js';

/** What was asked of the system, before it answered. */
export interface AskedWrite {
  /** The system call. */
  syscall: string;
  /** Absolute, not normalised; links are not followed. */
  path: string;
}

/** These fail where something exists already, sandbox or not. For a link both ends are reported, the existing one as if it were to be changed. */
const MAKING = /^(?:mkdir|mknod|symlink|link)(?:at)?$/;
/** These may name something that does not exist. */
const OPENING = /^(?:open|openat|creat|rename|renameat|renameat2)$/;
/** These change the folder that an entry is in, not what the entry holds. */
const OF_FOLDER = /^(?:unlink|rmdir|rename)/;
/** Also reported for those who only read, so it says nothing about writing. */
const UNCLEAR = 'openat2';
/** Behind the wall these are not the machine's own. */
const OWN_INSIDE = /^\/(?:dev|proc(?!\/sys\/)|sys)(?:\/|$)/;

/**
 * What the sandbox refused, as people are told of it. Null for what it allows, and for what would have failed without it as well: that is no refusal.
 * @param known a cache: real paths of folders, by the paths that were asked for
 */
export function keptWrite(
  policy: SandboxPolicy,
  { syscall, path }: AskedWrite,
  known = new Map<string, string>(),
): Refusal | null {
  const target = normalize(path);
  if (syscall === UNCLEAR || OWN_INSIDE.test(target)) return null;
  const folder = known.get(dirname(target)) ?? realPath(dirname(target));
  known.set(dirname(target), folder);
  const named = join(folder, basename(target));
  const entry = entryAt(named);
  const real = entry === 'link' && !isOfName(syscall) ? realPath(named) : named;
  const rule = ruleFor(policy, syscall, real);
  return rule !== null && wouldWork(syscall, real, entry !== 'none') ? { kind: 'write', target, rule } : null;
}

function ruleFor(policy: SandboxPolicy, syscall: string, path: string): SandboxRule | null {
  const rule = judge(policy, { kind: 'write', path });
  return rule ?? (OF_FOLDER.test(syscall) && holdsFixed(policy, path) ? 'fixed' : null);
}

/** Whether it is about the link, not about where that leads. */
function isOfName(syscall: string): boolean {
  return MAKING.test(syscall) || OF_FOLDER.test(syscall);
}

/** Whether it would succeed without a sandbox, for this user. */
function wouldWork(syscall: string, path: string, isThere: boolean): boolean {
  if (MAKING.test(syscall) ? isThere : !isThere && !OPENING.test(syscall)) return false;
  return mayWrite(isThere && !OF_FOLDER.test(syscall) ? path : dirname(path));
}

function entryAt(path: string): 'none' | 'link' | 'other' {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'none';
    return found.isSymbolicLink() ? 'link' : 'other';
  } catch {
    return 'none'; // this user may not look there
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
