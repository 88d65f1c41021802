import { resolve } from 'node:path';
import { judge, realPath, type SandboxPolicy } from '@pizzapi/sandbox';
import type { ApprovalLayer, ApprovalPolicy } from './approval-policy.js';
import { type Call, textField } from './call-texts.js';
import { isRuled } from './decide.js';

/** Where the session is whose agent starts others. */
export interface SessionPlace {
  /** The session's folder. */
  readonly folder: string;
  /** Its runner; null: a call that names one names another. */
  readonly runnerId: string | null;
  /** How its tools are confined; null: they are not. */
  readonly sandbox: SandboxPolicy | null;
}

const SPAWN = 'spawn_session';
const OUTSIDE = asks("the sandbox: the folder is outside of this session's");
const ELSEWHERE = asks('the sandbox: another runner has other files and other rules');

function asks(source: string): ApprovalLayer {
  return { source, settings: { rules: [{ tool: SPAWN, action: 'ask' }] } };
}

/**
 * The arguments of a call that starts a child session on this machine, with the folder's real path: it starts in the folder that was decided
 * about, even if a link is changed meanwhile. Null: they stay as they are.
 */
export function withRealFolder(
  { toolName, args }: Pick<Call, 'toolName' | 'args'>,
  place: SessionPlace,
): Record<string, unknown> | null {
  const cwd = textField(args, 'cwd');
  // Links of another machine are not seen from here.
  if (toolName !== SPAWN || place.sandbox === null || cwd === '' || isElsewhere(args, place)) return null;
  const path = realPath(resolve(place.folder, cwd));
  return path === cwd ? null : { ...(typeof args === 'object' ? args : {}), cwd: path };
}

/**
 * A child session is confined to its own folder, as tightly as its parent. Started in one that its parent cannot write, or on another machine, it
 * would lead the parent out of where it is, so a person is asked, unless a rule of the user's says otherwise. Where tools are not confined there
 * is nothing to be led out of.
 */
export function childPlaceLayers([ofUser]: ApprovalPolicy, call: Call, place: SessionPlace): ApprovalLayer[] {
  const { sandbox } = place;
  if (call.toolName !== SPAWN || sandbox === null || (ofUser && isRuled(ofUser, call))) return [];
  if (isElsewhere(call.args, place)) return [ELSEWHERE];
  const cwd = textField(call.args, 'cwd');
  const path = realPath(resolve(call.sessionFolder, cwd));
  return cwd !== '' && judge(sandbox, { kind: 'write', path }) !== null ? [OUTSIDE] : [];
}

function isElsewhere(args: unknown, { runnerId }: SessionPlace): boolean {
  const named = textField(args, 'runnerId');
  return named !== '' && named !== runnerId;
}
