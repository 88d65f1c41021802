import { localPrograms, type Program, type StartProgram } from '@pizzapi/mcp';
import { type CommandEnd, judge, type Sandbox } from '@pizzapi/sandbox';

/** Programs of servers run behind a wall like that of the session's tools, where there is one. */
export function serverPrograms(sandbox: Sandbox | null, environment: () => NodeJS.ProcessEnv): StartProgram {
  if (!sandbox) return localPrograms(environment);
  return async ({ command, args, cwd, env }, onOutput): Promise<Program> => {
    const stop = new AbortController();
    const served = await sandbox.serve({ program: command, args, cwd, env }, { onOutput, signal: stop.signal });
    return {
      ended: served.ended.then(howItEnded, (error: unknown) =>
        error instanceof Error ? error.message : String(error),
      ),
      write: (chunk) => served.write(Buffer.from(chunk)),
      kill: () => stop.abort(),
    };
  };
}

function howItEnded({ code, signal, errors }: CommandEnd): string {
  const how = signal === null ? `It ended with exit code ${code}.` : `It was ended by signal ${signal}.`;
  return errors === undefined || errors.trim() === '' ? how : `${how} It said: ${errors.trim()}`;
}

/** The line to a server elsewhere is the worker's, outside of the wall: it must not lead where the session's tools may not go. */
export function hostsOf(sandbox: Sandbox | null): (host: string) => boolean {
  return (host) => sandbox === null || judge(sandbox.policy, { kind: 'connect', host }) === null;
}
