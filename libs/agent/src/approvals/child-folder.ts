import { resolve } from 'node:path';
import { judge, realPath, type SandboxPolicy } from '@pizzapi/sandbox';
import type { ApprovalLayer, ApprovalPolicy } from './approval-policy.js';
import { type Call, textOf } from './call-texts.js';
import { isRuled } from './decide.js';

const SPAWN = 'spawn_session';

const ASKS: ApprovalLayer = {
  source: "the sandbox: the folder is outside of this session's",
  settings: { rules: [{ tool: SPAWN, action: 'ask' }] },
};

/**
 * The arguments of a call that starts a child session on this machine, with the folder's real path: what is decided about is where it starts,
 * though a link in it is led elsewhere meanwhile. Null: they stay as they are.
 */
export function withRealFolder(
  { toolName, args }: Pick<Call, 'toolName' | 'args'>,
  sessionFolder: string,
  sandbox: SandboxPolicy | null,
): Record<string, unknown> | null {
  const cwd = textOf(args, 'cwd');
  // Links of another machine are not seen from here.
  if (toolName !== SPAWN || sandbox === null || cwd === '' || textOf(args, 'runnerId') !== '') return null;
  const path = realPath(resolve(sessionFolder, cwd));
  return path === cwd ? null : { ...(typeof args === 'object' ? args : {}), cwd: path };
}

/**
 * A child session is confined to its own folder. Started in one that its parent cannot write, it would lead the parent out of its own, so a
 * person is asked, unless a rule of the user's says otherwise. Where tools are not confined there is nothing to be led out of.
 */
export function childFolderLayers(
  [ofUser]: ApprovalPolicy,
  call: Call,
  sandbox: SandboxPolicy | null,
): ApprovalLayer[] {
  if (call.toolName !== SPAWN || sandbox === null) return [];
  const cwd = textOf(call.args, 'cwd');
  const path = realPath(resolve(call.sessionFolder, cwd));
  const isOutside = cwd !== '' && judge(sandbox, { kind: 'write', path }) !== null;
  return isOutside && !(ofUser && isRuled(ofUser, call)) ? [ASKS] : [];
}
