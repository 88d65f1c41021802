import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { SandboxMode, SandboxSettings } from '@pizzapi/protocol';
import { gitLinks, repositoriesBelow, unmadeGitLink } from './git-links.js';
import { coversDomain, coversPath, overlap } from './scope.js';
import {
  HOME_OBEYED_FOLDERS,
  HOME_SECRETS,
  MACHINE_SECRETS,
  OBEYED_FILES,
  OUR_OBEYED_FOLDERS,
  OUR_PRIVATE,
  OUR_READABLE,
  OUR_SECRETS,
  RUNTIME_WRITABLE,
} from './secrets.js';

/** What holds for a session. Paths are absolute and real; each stands for itself and everything below. */
export interface SandboxPolicy {
  mode: SandboxMode;
  /** The least that has to be enforced. */
  floor: SandboxMode;
  /** What `full` can reach. */
  allowedDomains: string[];
  /** The working folder and the session's temporary one: read and written, but for secrets. */
  places: string[];
  /** Exceptions in {@link secrets} and {@link shared}: the sandbox's programs, the agent's skills, the session's temporary folder. */
  visible: string[];
  /** What cannot be changed, even where everything around it can be written. */
  fixed: string[];
  /** Files that must not be made, in folders that can be written. */
  absent: string[];
  /** As {@link fixed}: folders whose content the runner runs or follows. Some may not exist yet. */
  obeyed: string[];
  /** What cannot be read, wherever the working folder is. */
  secrets: string[];
  /** Also hidden, except for the {@link places} in it: folders that many programs share, and PIZZAPI_HOME. */
  shared: string[];
  /** Secrets that may be read all the same. */
  readable: string[];
  /** What may be written besides {@link places}. */
  writable: string[];
  /** Neither read nor written, whatever the other lists say. */
  denied: string[];
}

/** Where a session is: what paths in settings and the lists of secrets are relative to. */
export interface SandboxPlace {
  /** The session's folder. */
  cwd: string;
  /** The person's home directory. */
  userHome: string;
  /** PIZZAPI_HOME. */
  home: string;
  /** The session's own folder for temporary files. */
  temp: string;
  /** The folder of all sessions' such folders. */
  sessionTemps: string;
  /** The folder that programs take for temporary files; of it the session sees only {@link temp}. */
  sharedTemp: string;
  /** Further places of ours that hold secrets, such as the relay's data directory. */
  hidden: readonly string[];
  /** Among our secrets, what belongs to the session: the files of its messages. */
  readable: readonly string[];
  /** Folders that stay as they are while the session uses them, such as plugins of the project. Default: none. */
  kept?: readonly string[];
  /** What the sandbox itself has to read, wherever it is installed. */
  ownPrograms: readonly string[];
}

const HOMES = '/home';
const MAX_HOMES = 20;
const STRICTNESS: readonly SandboxMode[] = ['none', 'basic', 'full'];

export function stricterMode(first: SandboxMode, second: SandboxMode): SandboxMode {
  return STRICTNESS.indexOf(first) >= STRICTNESS.indexOf(second) ? first : second;
}

/**
 * What holds where these settings do, the person's first, then those of the organisation and the project.
 * The first chooses, and those after it can only tighten: a mode or floor rises, a list of what is allowed keeps what both allow, a
 * list of what is denied grows. What a later one allows and the first does not is without effect.
 */
export function sandboxPolicy(layers: readonly SandboxSettings[], place: SandboxPlace): SandboxPolicy {
  const [first = {}, ...others] = layers;
  return others.reduce<SandboxPolicy>((policy, settings) => tightened(policy, settings, place), chosen(first, place));
}

function chosen(settings: SandboxSettings, place: SandboxPlace): SandboxPolicy {
  const { cwd, userHome, home, temp, sessionTemps, sharedTemp, hidden, readable, kept = [], ownPrograms } = place;
  const floor = settings.floor ?? 'none';
  const repositories = repositoriesBelow(realPath(cwd));
  return {
    mode: stricterMode(settings.mode ?? 'basic', floor),
    floor,
    allowedDomains: (settings.allowedDomains ?? []).map((domain) => domain.toLowerCase()),
    places: [cwd, temp].map(realPath),
    visible: [...[...ownPrograms, temp, ...readable].map(realPath), ...below(home, OUR_READABLE)],
    fixed: [
      ...new Set([
        ...obeyedIn(cwd),
        ...obeyedIn(userHome),
        ...repositories.flatMap(ruledByGit),
        ...below(userHome, RUNTIME_WRITABLE),
        ...kept.map(realPath),
      ]),
    ],
    absent: [realPath(cwd), ...repositories].map(unmadeGitLink).filter((path) => path !== null),
    obeyed: [...below(home, OUR_OBEYED_FOLDERS), ...below(userHome, HOME_OBEYED_FOLDERS)],
    secrets: [
      ...[userHome, ...otherHomes(userHome)].flatMap((folder) => below(folder, HOME_SECRETS)),
      ...[...MACHINE_SECRETS, sessionTemps].map(realPath),
      ...below(home, OUR_PRIVATE),
      // Somebody may keep their projects in a folder of it; as a whole it is no place to work in.
      ...(realPath(cwd) === realPath(home) ? [realPath(home)] : []),
    ],
    shared: [home, sharedTemp].map(realPath),
    readable: named(settings.readable, place),
    writable: named(settings.writable, place),
    denied: [...below(home, OUR_SECRETS), ...hidden.map(realPath), ...named(settings.denied, place)],
  };
}

/** Of the machine's other users, whose files only root can read. */
function otherHomes(userHome: string): string[] {
  if (process.geteuid?.() !== 0) return [];
  const homes = existsSync(HOMES) ? readdirSync(HOMES).map((name) => join(HOMES, name)) : [];
  return ['/root', ...homes].slice(0, MAX_HOMES).filter((folder) => realPath(folder) !== realPath(userHome));
}

function below(base: string, paths: readonly string[]): string[] {
  return paths.map((path) => realPath(join(base, path)));
}

/** Only what is there: to keep an absent file absent, one would have to be put in its place. */
function obeyedIn(folder: string): string[] {
  return [...below(folder, OBEYED_FILES).filter((path) => existsSync(path)), ...ruledByGit(folder)];
}

/** What git runs, or is led by, that works in this folder. */
function ruledByGit(folder: string): string[] {
  // A worktree's or submodule's `.git` is a file that says where the repository is, and with it the hooks.
  const own = isFile(join(folder, '.git')) ? ['.git'] : ['.git/hooks', '.git/config'];
  return [...below(folder, own), ...gitLinks(folder).map(realPath)].filter((path) => existsSync(path));
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function tightened(policy: SandboxPolicy, settings: SandboxSettings, place: SandboxPlace): SandboxPolicy {
  const { allowedDomains, readable, writable, denied } = settings;
  const floor = stricterMode(policy.floor, settings.floor ?? 'none');
  const domains = allowedDomains?.map((domain) => domain.toLowerCase());
  return {
    ...policy,
    mode: stricterMode(stricterMode(policy.mode, settings.mode ?? 'none'), floor),
    floor,
    allowedDomains: domains ? overlap(policy.allowedDomains, domains, coversDomain) : policy.allowedDomains,
    readable: readable ? overlap(policy.readable, named(readable, place), coversPath) : policy.readable,
    writable: writable ? overlap(policy.writable, named(writable, place), coversPath) : policy.writable,
    denied: [...new Set([...policy.denied, ...named(denied, place)])],
  };
}

function named(paths: readonly string[] | undefined, { cwd, userHome }: SandboxPlace): string[] {
  return (paths ?? []).map((path) => {
    const expanded = path === '~' || path.startsWith('~/') ? join(userHome, path.slice(1)) : path;
    return realPath(resolve(cwd, expanded));
  });
}

/** Where links lead counts, not what they are called. Of what does not exist, the nearest folder that does decides. */
export function realPath(path: string): string {
  const folder = dirname(path);
  return realPathNow(path) ?? (folder === path ? path : join(realPath(folder), basename(path)));
}

/** Null for what is not there, also not any more, or cannot be looked into. */
function realPathNow(path: string): string | null {
  // To be told by an error is slow, and most of what is asked for is missing.
  if (!existsSync(path)) return null;
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
