import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';
import { step } from './log.mjs';
import { mustRun } from './run-command.mjs';

/**
 * @typedef {'redis' | 'sandbox' | 'chromium' | 'postgres' | 'compiler'} Need
 * @typedef {{program: string, before?: string[], install: string[], asRoot: boolean, packages: Record<Need, string[]>}} Manager
 */

/** @type {Record<Need, {name: string, why: string}>} */
const needs = {
  redis: { name: 'a Redis server', why: 'The relay keeps its streams and queues in Redis.' },
  sandbox: { name: 'bubblewrap, socat and ripgrep', why: "Agents' tools are confined by them." },
  chromium: { name: 'Chromium', why: 'The browser tests run in it.' },
  postgres: { name: 'PostgreSQL', why: 'The tests run on both databases.' },
  compiler: { name: 'a C++ compiler', why: 'One of the dependencies is compiled where no ready-made binary fits.' },
};

/** @type {Manager[]} */
const managers = [
  {
    program: 'apt-get',
    before: ['update', '-q'],
    install: ['install', '-q', '-y', '--no-install-recommends'],
    asRoot: true,
    packages: {
      redis: ['redis-server'],
      sandbox: ['bubblewrap', 'socat', 'ripgrep'],
      chromium: ['chromium', 'fonts-liberation'],
      postgres: ['postgresql'],
      compiler: ['build-essential', 'python3'],
    },
  },
  {
    program: 'dnf',
    install: ['install', '-q', '-y'],
    asRoot: true,
    packages: {
      redis: ['valkey'],
      sandbox: ['bubblewrap', 'socat', 'ripgrep'],
      chromium: ['chromium'],
      postgres: ['postgresql-server'],
      compiler: ['gcc-c++', 'make', 'python3'],
    },
  },
  {
    program: 'apk',
    install: ['add', '--no-cache'],
    asRoot: true,
    packages: {
      redis: ['redis'],
      sandbox: ['bubblewrap', 'socat', 'ripgrep'],
      chromium: ['chromium'],
      postgres: ['postgresql'],
      compiler: ['build-base', 'python3'],
    },
  },
  {
    program: 'pacman',
    install: ['-Sy', '--noconfirm', '--needed'],
    asRoot: true,
    packages: {
      redis: ['valkey'],
      sandbox: ['bubblewrap', 'socat', 'ripgrep'],
      chromium: ['chromium'],
      postgres: ['postgresql'],
      compiler: ['base-devel', 'python'],
    },
  },
  {
    program: 'brew',
    install: ['install'],
    asRoot: false,
    packages: {
      redis: ['redis'],
      sandbox: ['ripgrep'],
      chromium: ['chromium'],
      postgres: ['postgresql'],
      compiler: ['python'],
    },
  },
];

/**
 * @param {readonly string[]} names the first that is on PATH wins
 * @returns {string | null} its path
 */
export function findProgram(names) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * Installs with the system's package manager.
 * @param {Need} need
 * @throws {Failure} with the exact command when that is not allowed or does not work here
 */
export async function installPackages(need) {
  const manager = managers.find(({ program }) => findProgram([program]) !== null);
  const { name, why } = needs[need];
  if (manager === undefined) throw new Failure(`${why} Please install ${name}, then run this again.`);
  const prefix = manager.asRoot && process.getuid?.() !== 0 ? ['sudo'] : [];
  const commands = [manager.before, [...manager.install, ...manager.packages[need]]]
    .filter((args) => args !== undefined)
    .map((args) => [...prefix, manager.program, ...args]);
  const shown = commands.map((words) => words.filter((word) => word !== '-q').join(' ')).join(' && ');
  const help = `${why} Please install ${name}:\n\n    ${shown}\n\nThen run this again.`;
  if (prefix.length > 0 && !maySudo()) throw new Failure(help);
  await step(`Installing ${name}: ${shown}`, async () => {
    for (const [command = '', ...args] of commands) {
      await mustRun(command, args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, failure: help });
    }
  });
}

const maySudo = () => spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;

/** @param {string} path */
function isExecutable(path) {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
