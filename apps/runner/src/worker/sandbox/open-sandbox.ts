import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import type { SandboxSetup } from '@pizzapi/agent';
import type { PolicyBehind, SandboxFrame, SandboxSettings, SandboxState } from '@pizzapi/protocol';
import {
  checkSandbox,
  MovedFolderError,
  type Refusal,
  refuseSecretFolder,
  Sandbox,
  SandboxFloorError,
  type SandboxPlace,
  type SandboxPolicy,
  sandboxPolicy,
  sandboxPrograms,
  toolEnvironment,
} from '@pizzapi/sandbox';
import type { HomeLayout } from '../../config/home-layout.js';
import type { PolicyHold } from '../agent-session.js';
import { sandboxFiles, sandboxLayers } from './sandbox-layers.js';
import { SessionTemp } from './session-temp.js';

export interface SandboxOrder {
  sessionId: string;
  cwd: string;
  /** The organisation's settings; null: it has none. */
  ofOrganisation: SandboxSettings | null;
  /** When they were given. */
  policyAt?: string | null;
  /** How tightly the session is confined at least, because the one that started it is. Default: as the settings say. */
  frame?: SandboxFrame | null;
  /** Of what is hidden, what belongs to this session: the files of its messages. */
  readable: readonly string[];
  /** Folders of the project that stay as they are. */
  kept?: readonly string[];
  /** Further folders that hold secrets of ours. */
  hidden: readonly string[];
}

/** A setup that follows what the organisation says while the session runs. */
export interface FollowingSetup extends SandboxSetup {
  /**
   * Applies changed settings. Behind a wall they hold from the next command on, and MCP servers are ended. A wall that is no longer wanted stays
   * until this process rests.
   * @returns `anew` when the settings need a wall that this process does not have, or cannot be enforced
   */
  follow(ofOrganisation: SandboxSettings | null, policyAt: string | null): Promise<PolicyHold>;
  /** The newest settings are not understood. The state says so until {@link follow} is given others. */
  fallBehind(behind: PolicyBehind): void;
}

/**
 * Confines the session's tools as the settings say. Where that cannot be enforced, they run without a wall and the state says so, but
 * for a floor, below which nothing runs. Where nobody knows, nothing runs.
 * @throws ConfigError, SandboxFloorError, SandboxUncheckedError, SecretFolderError
 */
export async function openSandbox(order: SandboxOrder, layout: HomeLayout): Promise<FollowingSetup> {
  const temp = new SessionTemp(order.sessionId);
  const files = [...sandboxFiles(layout.configFile, order.cwd), ...(order.frame ? [order.frame] : [])];
  const place = placeOf(order, layout, temp);
  const policyWith = (settings: SandboxSettings | null): SandboxPolicy =>
    sandboxPolicy(sandboxLayers(files, settings), place);
  const opened = policyWith(order.ofOrganisation);
  let state = await stateOf(opened, order.policyAt ?? null);
  let behind: PolicyBehind | null = null;
  const isConfined = opened.mode !== 'none' && state.isEnforced;
  if (isConfined) {
    refuseMovedFolder(opened, order.cwd);
    refuseSecretFolder(opened, order.cwd);
  }
  const walls = isConfined ? buildWalls(opened, order, layout, temp) : null;
  if (opened.floor !== 'none') await walls?.sandbox.start();
  return {
    get state() {
      return behind === null ? state : { ...state, behind };
    },
    sandbox: walls?.sandbox ?? null,
    ofServers: walls?.ofServers ?? null,
    onRefusal: (listen) => walls?.onRefusal(listen),
    follow: async (ofOrganisation, policyAt) => {
      behind = null;
      // Based on the running policy: folders that must not be changed have been added to it since it was opened.
      const wanted = { ...(walls?.sandbox.policy ?? opened), ...followed(policyWith(ofOrganisation)) };
      // A floor that cannot be enforced here: the process that takes over meets the same error and reports it.
      const next = await stateOf(wanted, policyAt).catch(() => null);
      if (next === null) return 'anew';
      const needsWall = wanted.mode !== 'none' && next.isEnforced;
      if (walls && !needsWall) {
        behind = WALL_STAYS;
        return 'anew-at-rest';
      }
      if (needsWall && !walls) return 'anew';
      if (walls && !(await changeWalls(walls, wanted, order.cwd))) return 'anew';
      state = next;
      return 'held';
    },
    fallBehind: (why) => (behind = why),
    close: async (isOver) => {
      await Promise.all([walls?.sandbox.close(), walls?.ofServers.close()]);
      if (isOver && walls) temp.remove();
    },
  };
}

/** The daemon has said where its links lead. @throws MovedFolderError when that is another place by now */
function refuseMovedFolder({ places }: SandboxPolicy, cwd: string): void {
  const [folder = cwd] = places;
  if (folder !== cwd) throw new MovedFolderError(cwd, folder);
}

const WALL_STAYS: PolicyBehind = {
  reason: 'wall_stays',
  detail: 'No sandbox is wanted here any more. This one goes as soon as the agent rests.',
};

function placeOf(order: SandboxOrder, { home }: HomeLayout, temp: SessionTemp): SandboxPlace {
  const { cwd, hidden, readable, kept = [] } = order;
  return {
    cwd,
    userHome: homedir(),
    home,
    temp: temp.path,
    sessionTemps: temp.parent,
    sharedTemp: temp.shared,
    hidden,
    readable,
    kept,
    ownPrograms: sandboxPrograms(),
  };
}

interface Walls {
  sandbox: Sandbox;
  /** The same wall once more, with processes of its own; it starts with the first server. */
  ofServers: Sandbox;
  onRefusal: SandboxSetup['onRefusal'];
}

function buildWalls(policy: SandboxPolicy, { cwd }: SandboxOrder, { runDir }: HomeLayout, temp: SessionTemp): Walls {
  temp.make();
  // What pi puts into files for its tools to read lies where they can.
  env['TMPDIR'] = temp.path;
  let tell: (refusal: Refusal, isOfServers: boolean) => void = () => undefined;
  const options = {
    policy,
    cwd,
    emptyFolder: join(runDir, 'empty'),
    env: toolEnvironment(withoutMark(env), temp.path),
    temp: temp.path,
  };
  return {
    sandbox: new Sandbox({ ...options, onRefusal: (refusal) => tell(refusal, false) }),
    ofServers: new Sandbox({ ...options, onRefusal: (refusal) => tell(refusal, true) }),
    onRefusal: (listen) => (tell = listen),
  };
}

/** @returns false when the session must not go on here */
async function changeWalls({ sandbox, ofServers }: Walls, wanted: SandboxPolicy, cwd: string): Promise<boolean> {
  if (isDeepStrictEqual(followed(sandbox.policy), followed(wanted))) return true;
  try {
    refuseSecretFolder(wanted, cwd);
    sandbox.change(wanted);
    // They would go on behind the wall before for as long as the session does.
    ofServers.change(wanted, { isAtOnce: true });
    if (wanted.floor !== 'none') await sandbox.start();
    return true;
  } catch {
    return false; // the process that takes over meets the same error and reports it
  }
}

/** What the organisation has a say in; the rest is the machine's, as it was when the session was opened. */
function followed({ mode, floor, allowedDomains, readable, writable, denied }: SandboxPolicy) {
  return { mode, floor, allowedDomains, readable, writable, denied };
}

/** Without the session's mark: the agent did not start the sandbox's own process, which must not keep the session from resting. */
function withoutMark({ PIZZAPI_SESSION_ID: _mark, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return others;
}

async function stateOf({ mode, floor }: SandboxPolicy, policyAt: string | null): Promise<SandboxState> {
  const check = await checkSandbox({ mode });
  const detail = check.isEnforceable ? check.lack : check.detail;
  if (detail !== undefined && floor !== 'none') throw new SandboxFloorError(floor, detail);
  const isEnforced = check.isEnforceable && mode !== 'none';
  return { mode, isEnforced, ...(detail !== undefined && { detail }), ...(policyAt !== null && { policyAt }) };
}
