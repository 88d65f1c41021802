import { type BashOperations, getShellConfig } from '@earendil-works/pi-coding-agent';
import type { Sandbox } from '@pizzapi/sandbox';
import { OutputEvidence } from './output-evidence.js';
import type { Violation } from './violation-log.js';

const MAX_TIMEOUT_S = 2_147_483;
/** Of the worker's environment, what commands get besides that of the sandbox: what pi says of the session, and where its programs are. */
const PASSED_ON = /^(?:PI_.*|PATH|PIZZAPI_SESSION_ID)$/;

/** Lines of shell, run in the sandbox; with the errors that pi's own would have. @param mark besides, in their environment */
export function shellOperations(
  sandbox: Sandbox,
  { shellPath, mark }: { shellPath: string | undefined; mark: Record<string, string> },
  onViolation: (violation: Violation) => void,
): BashOperations {
  return {
    exec: async (command, cwd, { onData, signal, timeout, env = {} }) => {
      if (timeout !== undefined && !(timeout > 0 && timeout <= MAX_TIMEOUT_S))
        throw new Error(`Invalid timeout: a number of seconds from above 0 to ${MAX_TIMEOUT_S} is needed`);
      if (signal?.aborted) throw new Error('aborted');
      const { shell, args } = getShellConfig(shellPath);
      const evidence = new OutputEvidence(sandbox, cwd, onViolation);
      const onOutput = (chunk: Buffer): void => {
        evidence.push(chunk);
        onData(chunk);
      };
      const order = {
        shell,
        args: [...args, command],
        cwd,
        env: { ...passedOn(env), ...mark },
        timeoutMs: timeout === undefined ? null : timeout * 1_000,
      };
      const listener = { onOutput, signal, onRefusal: onViolation };
      const { code, signal: endedBy, end } = await sandbox.exec(order, listener);
      await evidence.end();
      if (end === 'cancel') throw new Error('aborted');
      if (end === 'timeout') throw new Error(`timeout:${timeout}`);
      return { exitCode: code ?? (endedBy === null ? 1 : 128 + endedBy) };
    },
  };
}

function passedOn(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && PASSED_ON.test(name)) kept[name] = value;
  return kept;
}
