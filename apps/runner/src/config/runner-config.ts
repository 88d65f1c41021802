import { realpathSync, statSync } from 'node:fs';
import { availableParallelism, homedir, hostname } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { ToolOutputBytes } from '@pizzapi/protocol';
import { ConfigError } from './config-error.js';
import { readConfigFile } from './config-file.js';
import { homeLayout, type HomeLayout } from './home-layout.js';
import { parseRelayUrl } from './relay-url.js';

const DEFAULT_RELAY_URL = 'http://127.0.0.1:7492';

/** Everything a person can set, parsed once per process. */
export interface RunnerConfig {
  layout: HomeLayout;
  /** `http(s)://host:port`; null when switched off. */
  relayUrl: string | null;
  /** Null: the runner enrols by the relay's one-time secret, or waits for a key. */
  apiKey: string | null;
  runnerName: string;
  /** Real, absolute paths; the first is where a session starts by default. */
  workspaceRoots: string[];
  enrolmentFile: string;
  /** Folders outside PIZZAPI_HOME that agents must not see: the data of a relay on this machine. */
  hiddenFolders: string[];
  /** Workers that may be starting at the same moment. */
  maxWorkerStarts: number;
  /** How long a session is at rest before its worker is unloaded. Null: never. */
  pauseAfterMs: number | null;
  /** Memory of one service's process; one that needs more is started anew. */
  maxServiceMemoryMb: number;
  /** How much of a tool's output sessions send to the relay. */
  maxToolOutputBytes: number;
}

type Environment = Record<string, string | undefined>;

/** @throws ConfigError naming the setting and what to do */
export function loadRunnerConfig(environment: Environment = process.env, userHome = homedir()): RunnerConfig {
  const setting = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const layout = homeLayout(parseHome(setting('PIZZAPI_HOME') ?? join(userHome, '.pizzapi')), userHome);
  const file = readConfigFile(layout.configFile);
  const fromEnvironment = setting('PIZZAPI_RELAY_URL');
  return {
    layout,
    relayUrl: fromEnvironment
      ? parseRelayUrl(fromEnvironment, 'PIZZAPI_RELAY_URL')
      : parseRelayUrl(file.relayUrl ?? DEFAULT_RELAY_URL, `${layout.configFile}, field relayUrl`),
    apiKey: parseApiKey(setting('PIZZAPI_RUNNER_API_KEY') ?? setting('PIZZAPI_API_KEY') ?? file.apiKey ?? null),
    runnerName: parseName(setting('PIZZAPI_RUNNER_NAME') ?? file.runnerName ?? hostname()),
    workspaceRoots: parseRoots(setting('PIZZAPI_WORKSPACE_ROOTS') ?? userHome),
    enrolmentFile: resolve(setting('PIZZAPI_ENROLMENT_FILE') ?? layout.enrolmentFile),
    hiddenFolders: parseDataDir(setting('PIZZAPI_DATA_DIR')),
    // A start keeps about one core busy.
    maxWorkerStarts:
      parseWhole('PIZZAPI_MAX_WORKER_STARTS', setting, { from: 1, to: 1_000 }) ?? Math.max(2, availableParallelism()),
    pauseAfterMs: parsePauseAfter(setting),
    maxServiceMemoryMb: parseWhole('PIZZAPI_MAX_SERVICE_MEMORY_MB', setting, { from: 128, to: 1_048_576 }) ?? 512,
    maxToolOutputBytes: parseToolOutput(setting),
  };
}

/** As the relay reads it: a relative one counts from the folder that the process was started in. */
function parseDataDir(path: string | undefined): string[] {
  return path === undefined ? [] : [resolve(path)];
}

function parseHome(path: string): string {
  if (/^~(\/|$)/.test(path))
    throw new ConfigError(
      'PIZZAPI_HOME',
      `is "${path}", and only a shell reads "~" as your home directory; write that out`,
    );
  return resolve(path);
}

function parseApiKey(key: string | null): string | null {
  // A key goes into a header: a line break or a space in it is a copying mistake. The key itself is not repeated.
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) {
    throw new ConfigError('PIZZAPI_API_KEY', 'the key holds spaces or unprintable characters; copy it again');
  }
  return key;
}

function parseName(name: string): string {
  if (name.length > 120) throw new ConfigError('PIZZAPI_RUNNER_NAME', 'is longer than 120 characters; shorten it');
  return name;
}

function parseWhole(
  name: string,
  setting: (name: string) => string | undefined,
  { from, to }: { from: number; to: number },
): number | undefined {
  const text = setting(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new ConfigError(name, `"${text}" is not a whole number from ${from} to ${to}`);
}

function parseToolOutput(setting: (name: string) => string | undefined): number {
  const { default: byDefault, min: from, max: to } = ToolOutputBytes;
  return parseWhole('PIZZAPI_MAX_TOOL_OUTPUT_BYTES', setting, { from, to }) ?? byDefault;
}

function parsePauseAfter(setting: (name: string) => string | undefined): number | null {
  const seconds = parseWhole('PIZZAPI_PAUSE_AFTER_SECONDS', setting, { from: 0, to: 31_536_000 }) ?? 1_800;
  return seconds === 0 ? null : seconds * 1_000;
}

function parseRoots(text: string): string[] {
  const roots = text
    .split(':')
    .filter((root) => root !== '')
    .map(parseRoot);
  if (roots.length === 0 || roots.length > 64) {
    throw new ConfigError('PIZZAPI_WORKSPACE_ROOTS', 'name 1 to 64 folders, separated by ":"');
  }
  return [...new Set(roots)];
}

function parseRoot(path: string): string {
  const complaint = (problem: string): ConfigError =>
    new ConfigError('PIZZAPI_WORKSPACE_ROOTS', `"${path}" ${problem}`);
  if (!isAbsolute(path)) throw complaint('is not an absolute path; write it from the root on');
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    throw complaint('does not exist; create it or take it out');
  }
  if (!statSync(real).isDirectory()) throw complaint('is not a folder; name the folder that holds it');
  return real;
}
