import { lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { HomeLayout } from '../../../config/home-layout.js';
import { hasErrorCode } from '../../../files/file-error.js';

/**
 * The `HOME` of services: a folder whose `.pizzapi` is PIZZAPI_HOME, since code of theirs reads `$HOME/.pizzapi/runner.json`. That is the
 * person's own, or else one of ours, with links to the settings of tools (`.gitconfig`, `.ssh`, `.config`) in the person's.
 */
export function prepareServiceHome(layout: HomeLayout, userHome = homedir()): string {
  if (isSameFolder(join(userHome, '.pizzapi'), layout.home)) return userHome;
  const { serviceHome } = layout;
  mkdirSync(serviceHome, { recursive: true, mode: 0o700 });
  const links = new Map(dotEntries(userHome).map((name) => [name, join(userHome, name)]));
  links.set('.pizzapi', layout.home);
  for (const name of readdirSync(serviceHome)) {
    const target = linkTarget(join(serviceHome, name));
    if (target === links.get(name))
      links.delete(name); // a service may be reading through it right now
    else if (target !== null) rmSync(join(serviceHome, name));
  }
  for (const [name, target] of links) link(target, join(serviceHome, name));
  return serviceHome;
}

function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false; // one of them is not there
  }
}

function dotEntries(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith('.'));
  } catch {
    return []; // a user without a home of their own
  }
}

/** Null for what a service has put there itself, which stays. */
function linkTarget(path: string): string | null {
  return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
}

function link(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
}
