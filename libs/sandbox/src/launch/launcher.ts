import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Compile } from 'typebox/compile';
import { SandboxStartError } from '../errors.js';
import { LaunchNews, type LaunchOrder } from './plan.js';

const validator = Compile(LaunchNews);
const MAX_ERROR_TEXT = 2_000;

export interface Launcher {
  /** The command line that builds the wall and runs the order's command behind it. */
  command: string;
  /** Ends it: only once the wall stands, and where there is a proxy, behind the wall is no network from then on. */
  close(): void;
}

export interface LauncherOptions {
  entry: string;
  /** An empty folder: sandbox-runtime protects the files of the one in which it runs. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** How long it may take to answer. */
  timeoutMs: number;
  onRefused: (host: string, port: number) => void;
}

/** @throws SandboxStartError; then nothing of it is left */
export async function launch(order: LaunchOrder, options: LauncherOptions): Promise<Launcher> {
  // Without its pipes where the system has no descriptors left for them: then its `error` says so.
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', options.entry], {
    cwd: options.folder,
    env: launcherEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => undefined); // it died before it read; its exit is what counts
  child.stdin?.write(`${JSON.stringify(order)}\n`);
  try {
    return { command: await commandOf(child, options), close: () => child.stdin?.destroy() };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** What it answers. Later it tells what its proxy refuses. */
function commandOf(child: ChildProcess, { timeoutMs, onRefused }: LauncherOptions): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (reason: string): void => reject(new SandboxStartError(reason));
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-MAX_ERROR_TEXT)));
  child.on('error', (error) => fail(error.message));
  child.once('close', () => fail(errors.trim() || 'sandbox-runtime said nothing.'));
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const news = newsIn(line);
      if (news?.type === 'wrapped') resolve(news.command);
      else if (news?.type === 'failed') fail(news.reason);
      else if (news) onRefused(news.host, news.port);
    });
  const late = `sandbox-runtime did not answer within ${timeoutMs / 1_000} s; the machine may be busy. Try again.`;
  const timer = setTimeout(() => fail(late), timeoutMs);
  return promise.finally(() => clearTimeout(timer));
}

/** With a proxy, sandbox-runtime sets TMPDIR inside to what this variable says, and otherwise to a folder that all sandboxes share. */
function launcherEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { TMPDIR } = env;
  return TMPDIR === undefined ? env : { ...env, CLAUDE_CODE_TMPDIR: TMPDIR };
}

/** sandbox-runtime may print a line of its own. */
function newsIn(line: string): LaunchNews | null {
  try {
    const value: unknown = JSON.parse(line);
    return validator.Check(value) ? value : null;
  } catch {
    return null;
  }
}
