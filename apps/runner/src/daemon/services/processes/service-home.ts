import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
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
  for (const name of readdirSync(serviceHome)) removeLink(join(serviceHome, name));
  link(layout.home, join(serviceHome, '.pizzapi'));
  for (const name of dotEntries(userHome)) if (name !== '.pizzapi') link(join(userHome, name), join(serviceHome, name));
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

/** Links alone: what a service has put there itself stays. */
function removeLink(path: string): void {
  if (lstatSync(path).isSymbolicLink()) rmSync(path);
}

function link(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
}
