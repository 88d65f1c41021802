import { type ChildProcess, spawn } from 'node:child_process';
import type { Program, StartProgram } from './program.js';

const MAX_ERROR_TEXT = 2_000;

/** Starts a program as a process of this machine, in a group of its own, so that what it starts ends with it. */
export function localPrograms(environment: () => NodeJS.ProcessEnv): StartProgram {
  return ({ command, args, cwd, env }, onOutput) => {
    const { promise, resolve, reject } = Promise.withResolvers<Program>();
    const ended = Promise.withResolvers<string>();
    // Without its pipes where the system has no descriptors left for them: then its `error` says so.
    const child: ChildProcess = spawn(command, args, {
      cwd,
      env: { ...environment(), ...env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stdout?.on('data', onOutput);
    child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-MAX_ERROR_TEXT)));
    child.stdin?.on('error', () => undefined); // its end is what counts
    child.on('error', (error) => {
      ended.resolve(error.message);
      reject(error);
    });
    child.once('exit', (code, signal) => {
      kill(child.pid);
      const how = signal === null ? `It ended with exit code ${code}.` : `It was ended by ${signal}.`;
      ended.resolve(errors.trim() === '' ? how : `${how} It said: ${errors.trim()}`);
    });
    child.once('spawn', () =>
      resolve({
        ended: ended.promise,
        write: (chunk) => void child.stdin?.write(chunk),
        kill: () => kill(child.pid),
      }),
    );
    return promise;
  };
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
