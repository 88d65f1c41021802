import { type Attempt, judge, realPath, type Sandbox, type SandboxRule } from '@pizzapi/sandbox';

const WHY: Record<SandboxRule, string> = {
  denied: 'it is denied',
  secrets: 'it holds secrets',
  writable: 'only the working folder and the temporary folder can be written',
  fixed: 'other programs obey this file, so it stays as it is',
  allowedDomains: 'it is none of the allowed domains',
  sockets: 'daemons are not to be reached by their Unix sockets',
  processes: 'other processes are out of sight',
};

/** What the sandbox keeps from a tool, as the model reads it. */
export class SandboxDeniedError extends Error {
  override readonly name = 'SandboxDeniedError';
  readonly code = 'sandbox_denied';

  constructor(kind: Attempt['kind'], target: string, rule: SandboxRule) {
    super(
      `The sandbox of this session does not let tools ${kind === 'connect' ? 'connect to' : kind} ${target}: ${WHY[rule]}.`,
    );
  }
}

/** The rule that keeps a tool from a file; null when there is none. Where links lead counts. */
export function ruleAgainst(
  { policy }: Pick<Sandbox, 'policy'>,
  kind: 'read' | 'write',
  path: string,
): SandboxRule | null {
  return judge(policy, { kind, path: realPath(path) });
}
