import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
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
  onRefused: (host: string, port: number) => void;
}

/** @throws SandboxStartError */
export async function launch(order: LaunchOrder, options: LauncherOptions): Promise<Launcher> {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    process.execPath,
    ['--no-warnings', options.entry],
    { cwd: options.folder, env: launcherEnvironment(options.env), stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-MAX_ERROR_TEXT)));
  child.stdin.on('error', () => undefined); // it died before it read; its exit is what counts
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const command = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const news = newsIn(line);
      if (news === null) return;
      if (news.type === 'wrapped') resolve(news.command);
      else if (news.type === 'failed') reject(new SandboxStartError(news.reason));
      else options.onRefused(news.host, news.port);
    });
    child.once('error', (error) => reject(new SandboxStartError(error.message)));
    child.once('close', () => reject(new SandboxStartError(errors.trim() || 'sandbox-runtime said nothing.')));
  });
  return { command, close: () => child.stdin.destroy() };
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
