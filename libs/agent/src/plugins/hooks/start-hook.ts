import { getShellConfig } from '@earendil-works/pi-coding-agent';
import type { HookEnd, HookOrder, StartHook } from '@pizzapi/plugins';
import { runHere, type Sandbox } from '@pizzapi/sandbox';
import { OutputEvidence } from '../../sandbox/output-evidence.js';
import type { Violation } from '../../sandbox/violation-log.js';

/**
 * Starts hooks' processes where the session's tools run: in its sandbox, or without one in this process's own place.
 * @param onViolation told what the sandbox kept from them, as far as that is known
 */
export function hookStarter(
  sandbox: Sandbox | null,
  cwd: string,
  shellPath: string | undefined,
  onViolation: (violation: Violation) => void,
): StartHook {
  return async (order) => {
    const { env, timeoutMs, maxBytes, signal } = order;
    const chunks: Buffer[] = [];
    const evidence = sandbox && new OutputEvidence(sandbox, cwd, onViolation);
    const onOutput = (chunk: Buffer): void => {
      chunks.push(chunk);
      evidence?.push(chunk);
    };
    const listener = { onOutput, signal, onRefusal: onViolation };
    const run = { ...programOf(order, shellPath), cwd, env, timeoutMs, limit: maxBytes };
    const input = Buffer.from(order.input);
    const { code, end, errors = '' } = await (sandbox?.run(run, listener, input) ?? runHere(run, listener, input));
    evidence?.push(Buffer.from(`\n${errors}`));
    await evidence?.end();
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
