import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDivided, shellParts } from './shell-parts.js';

/** A tool call as rules see it. */
export interface Call {
  toolName: string;
  args: unknown;
  /** Where the agent works: what relative paths of the call begin at. A subagent's may be another than the session's. */
  cwd: string;
  /** The session's folder: what relative patterns begin at. */
  sessionFolder: string;
  /** The person's home: what `~` stands for. */
  home: string;
  /** Where the path of a file tool really leads, links followed. */
  realPath?: string;
}

/** What of a call a pattern is compared with. */
export interface CallTexts {
  /** All of it, in each of its forms. */
  whole: string[];
  /** What it consists of. */
  parts: string[];
  /** It may do more than its beginning says. */
  isDivided: boolean;
}

const SHELLS = new Set(['bash', 'powershell']);
const FILE_TOOLS = new Set(['read', 'write', 'edit', 'ls', 'grep', 'find']);
/** pi's tools take these for spaces. */
const UNICODE_SPACES = /[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g;

/** Of a shell its command, of a file tool its path in full, of any other tool its arguments as JSON. */
export function callTexts(call: Call): CallTexts {
  const { toolName, args, realPath } = call;
  if (SHELLS.has(toolName)) {
    const command = textField(args, 'command');
    return { whole: [command.trim()], parts: shellParts(command), isDivided: isDivided(command.trim()) };
  }
  const path = pathOf(call);
  const whole = path === null ? [JSON.stringify(args) ?? ''] : [path, ...(realPath === undefined ? [] : [realPath])];
  return { whole, parts: [], isDivided: false };
}

/** The path that a file tool is about, in full; null for any other tool. */
export function pathOf({ toolName, args, cwd, home }: Pick<Call, 'toolName' | 'args' | 'cwd' | 'home'>): string | null {
  if (!FILE_TOOLS.has(toolName)) return null;
  const given = textField(args, 'path').replace(UNICODE_SPACES, ' ').replace(/^@/, '');
  return resolve(cwd, fromHome(fromUrl(given), home));
}

/** Of a pattern for paths `~` is the home, and what is not absolute is in the session's folder, wherever the call's own path begins. */
export function patternFor(pattern: string, { toolName, sessionFolder, home }: Call): string {
  if (!FILE_TOOLS.has(toolName) || pattern.startsWith('*')) return pattern;
  const whole = fromHome(pattern, home);
  return isAbsolute(whole) ? whole : join(sessionFolder, whole);
}

/** pi's tools take these as well. */
function fromUrl(given: string): string {
  return given.startsWith('file://') && URL.canParse(given) ? fileURLToPath(given) : given;
}

function fromHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}

/** A field of a call's arguments; empty where it is no text. */
export function textField(args: unknown, field: string): string {
  const value: unknown = typeof args === 'object' && args !== null ? Reflect.get(args, field) : undefined;
  return typeof value === 'string' ? value : '';
}
