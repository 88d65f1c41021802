import { getShellConfig } from '@earendil-works/pi-coding-agent';
import type { HookEnd, HookOrder, StartHook } from '@pizzapi/plugins';
import { runHere, type Sandbox } from '@pizzapi/sandbox';

/** Starts hooks' processes where the session's tools run: in its sandbox, or without one in this process's own place. */
export function hookStarter(sandbox: Sandbox | null, cwd: string, shellPath: string | undefined): StartHook {
  return async (order) => {
    const { env, timeoutMs, maxBytes, signal } = order;
    const chunks: Buffer[] = [];
    const listener = { onOutput: (chunk: Buffer) => void chunks.push(chunk), signal };
    const run = { ...programOf(order, shellPath), cwd, env, timeoutMs, limit: maxBytes };
    const input = Buffer.from(order.input);
    const { code, end, errors = '' } = await (sandbox?.run(run, listener, input) ?? runHere(run, listener, input));
    return { code, end, stdout: Buffer.concat(chunks).toString(), stderr: errors } satisfies HookEnd;
  };
}

function programOf(
  { command, args, places = [] }: HookOrder,
  shellPath: string | undefined,
): { program: string; args: string[] } {
  if (args !== null) return { program: command, args: [...args] };
  const { shell, args: shellArgs } = getShellConfig(shellPath);
  return { program: shell, args: [...shellArgs, command, 'command', ...places] };
}
