import { ProblemCode } from '@pizzapi/protocol';
import { runHere, type Sandbox, SandboxFileError } from '@pizzapi/sandbox';
import { AgentError } from '../errors/agent-error.js';

/** Some hundred thousand paths. */
const MAX_PRINTED_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 8_000;

/** Neither program that knows what to leave out is on the machine, or they cannot read the folder. */
export class FilesUnlistedError extends AgentError {
  readonly code = ProblemCode.filesUnlisted;
}

export interface ListedFiles {
  paths: string[];
  /** There are more. */
  isCut: boolean;
}

/**
 * The files below a folder, as the session's tools may see them: in its sandbox, if it has one. What `.gitignore` names is left out; links are
 * not followed, so nothing outside of the folder is among them.
 * @throws FilesUnlistedError
 */
export async function listFiles(cwd: string, sandbox: Sandbox | null): Promise<ListedFiles> {
  const ripgrep = await run(sandbox, cwd, 'rg', [
    '--no-config',
    '--files',
    '--hidden',
    '--no-require-git',
    '--glob',
    '!.git',
    '--null',
  ]);
  // 1: there is no file. 2: a folder could not be looked into, which the rest does not suffer from.
  if (ripgrep !== null && (ripgrep.code === 1 || ripgrep.isCut || ripgrep.paths.length > 0 || ripgrep.code === 0))
    return ripgrep;
  // Without a wall ripgrep need not be there.
  const git = await run(sandbox, cwd, 'git', [
    // What a repository's settings name is not to be started for it.
    '-c',
    'core.fsmonitor=false',
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ]);
  if (git?.code === 0 || git?.isCut) return { ...git, paths: [...new Set(git.paths)] };
  throw new FilesUnlistedError(
    `The files of ${cwd} cannot be listed: install ripgrep (rg) on the runner's machine, or make the folder a git repository.`,
  );
}

async function run(
  sandbox: Sandbox | null,
  cwd: string,
  program: string,
  args: string[],
): Promise<(ListedFiles & { code: number | null }) | null> {
  const chunks: Buffer[] = [];
  const order = { program, args, cwd, limit: MAX_PRINTED_BYTES, timeoutMs: TIMEOUT_MS };
  const listener = { onOutput: (chunk: Buffer) => void chunks.push(chunk), signal: undefined };
  try {
    const { code, end } = await (sandbox ? sandbox.run(order, listener) : runHere(order, listener));
    const isCut = end === 'limit' || end === 'timeout';
    const paths = Buffer.concat(chunks).toString().split('\0');
    // After the last mark nothing follows, or a path that was cut off.
    paths.pop();
    return { paths, isCut, code };
  } catch (error) {
    if (error instanceof SandboxFileError) return null; // no such program
    throw error;
  }
}
