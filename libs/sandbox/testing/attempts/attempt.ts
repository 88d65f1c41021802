import type { SandboxMode } from '@pizzapi/protocol';
import { type EscapeBed, SECRET } from '../escape-bed.js';

/** `always`: the system tells. `complaint`: what runs it has to complain. `ended`: it is ended, and the call says so. */
export type Told = 'always' | 'complaint' | 'ended' | 'no';

/** An attempt to get out, and whether it works in a mode. */
export interface EscapeAttempt {
  /** As `docs/sandbox.md` has it. */
  title: string;
  /** Who hears of it where it fails. */
  told: Told;
  /** Only who is root can even try. */
  needsRoot?: true;
  /** The modes in which it must fail; in the others it works, which shows that it is a real attempt. */
  failsIn: readonly SandboxMode[];
  /** @returns whether it got through */
  attempt: (bed: EscapeBed, mode: SandboxMode) => Promise<boolean>;
}

export const CONFINED: readonly SandboxMode[] = ['basic', 'full'];
export const OFFLINE: readonly SandboxMode[] = ['full'];

/** Whoever prints the secret has it. @param cwd the session's folder */
export function printing(
  command: (bed: EscapeBed) => string,
  cwd?: (bed: EscapeBed) => string,
): EscapeAttempt['attempt'] {
  return async (bed, mode) => (await bed.run(mode, command(bed), cwd?.(bed))).includes(SECRET);
}

/** Whoever changes a file outside has got out. @param cwd the session's folder */
export function changing(
  file: (bed: EscapeBed) => string,
  command: (path: string) => string,
  cwd?: (bed: EscapeBed) => string,
): EscapeAttempt['attempt'] {
  return async (bed, mode) => {
    const path = file(bed);
    const before = bed.contentOf(path);
    await bed.run(mode, command(path), cwd?.(bed));
    return bed.contentOf(path) !== before;
  };
}

export const write = (mark: string) => (path: string) => `echo ${mark}-$RANDOM$RANDOM > ${path}`;
