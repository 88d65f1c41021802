import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type AskedWrite, keptWrite } from '../policy/kept-write.js';
import type { SandboxPolicy } from '../policy/policy.js';
import type { Refusal } from '../refusal.js';
import { filterProgram } from './entries.js';

/** A line of sandbox-runtime's `apply-seccomp`. */
const validator = Compile(Type.Object({ syscall: Type.String(), path: Type.String() }));
/** Of the environment: the socket on which that program tells. */
const TOLD_BY = 'SRT_OBSERVE_SOCK';
/** Twice the longest path that the system takes, and some words. */
const MAX_LINE = 10_000;

/**
 * Hears from the filter of system calls which of them would change a file, also where the program says nothing of their failure. This is only a
 * hint: the path is read from the caller's memory, which the caller can change meanwhile, and what comes too fast is left out.
 */
export class WriteWatch {
  readonly #server: Server;
  readonly #path: string;
  #socket: Socket | null = null;

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  /**
   * @param folder that can be seen from behind the wall
   * @returns null where nobody would tell anything
   */
  static async open(
    folder: string,
    policy: SandboxPolicy,
    onRefusal: (refusal: Refusal) => void,
  ): Promise<WriteWatch | null> {
    if (process.platform !== 'linux' || filterProgram() === null) return null;
    const server = createServer();
    const path = join(folder, `writes-${randomBytes(4).toString('hex')}`);
    try {
      server.listen(path);
      await once(server, 'listening');
    } catch {
      return null; // The folder is gone, or its path is too long for a socket: what is refused is refused all the same.
    }
    const watch = new WriteWatch(server, path);
    server.unref().once('connection', (socket) => watch.#hear(socket, policy, onRefusal));
    return watch;
  }

  /** What makes the wall tell, in its environment. */
  get env(): Record<string, string> {
    return { [TOLD_BY]: this.#path };
  }

  close(): void {
    this.#server.close();
    this.#socket?.destroy();
  }

  #hear(socket: Socket, policy: SandboxPolicy, onRefusal: (refusal: Refusal) => void): void {
    this.#socket = socket.unref();
    // Nobody else is to come; this also takes the socket's file away.
    this.#server.close();
    socket.on('error', () => socket.destroy());
    let rest = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE);
      // Who writes much, writes much in one folder.
      const known = new Map<string, string>();
      for (const asked of lines.flatMap(askedIn)) {
        const refusal = keptWrite(policy, asked, known);
        if (refusal) onRefusal(refusal);
      }
    });
  }
}

function askedIn(line: string): AskedWrite[] {
  try {
    const value: unknown = JSON.parse(line);
    return validator.Check(value) ? [value] : [];
  } catch {
    return []; // cut short, because it came too fast
  }
}
