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
  const { cwd, frame, ofOrganisation, policyAt = null } = order;
  const temp = new SessionTemp(order.sessionId);
  const files = [...sandboxFiles(layout.configFile, cwd), ...(frame ? [frame] : [])];
  const place = placeOf(order, layout, temp);
  const policyWith = (settings: SandboxSettings | null): SandboxPolicy =>
    sandboxPolicy(sandboxLayers(files, settings), place);
  const policy = policyWith(ofOrganisation);
  const state = await stateOf(policy, policyAt);
  if (policy.mode === 'none' || !state.isEnforced)
    return new FollowingSandbox(null, { cwd, policy, state, policyWith });
  refuseMovedFolder(policy, cwd);
  refuseSecretFolder(policy, cwd);
  const walls = buildWalls(policy, order, layout, temp);
  if (policy.floor !== 'none') await walls.sandbox.start();
  return new FollowingSandbox(walls, { cwd, policy, state, policyWith });
}

/** As a session was opened. */
interface Opened {
  cwd: string;
  policy: SandboxPolicy;
  state: SandboxState;
  /** What the machine and the project say, and the organisation besides. */
  policyWith: (ofOrganisation: SandboxSettings | null) => SandboxPolicy;
}

class FollowingSandbox implements FollowingSetup {
  private current: SandboxState;
  private behind: PolicyBehind | null = null;

  constructor(
    private readonly walls: Walls | null,
    private readonly opened: Opened,
  ) {
    this.current = opened.state;
  }

  get state(): SandboxState {
    return this.behind === null ? this.current : { ...this.current, behind: this.behind };
  }

  get sandbox(): Sandbox | null {
    return this.walls?.sandbox ?? null;
  }

  get ofServers(): Sandbox | null {
    return this.walls?.ofServers ?? null;
  }

  readonly onRefusal: SandboxSetup['onRefusal'] = (listen) => this.walls?.onRefusal(listen);

  readonly close: SandboxSetup['close'] = async (isOver) => {
    await Promise.all([this.walls?.sandbox.close(), this.walls?.ofServers.close()]);
    if (isOver) this.walls?.temp.remove();
  };

  fallBehind(behind: PolicyBehind): void {
    this.behind = behind;
  }

  async follow(ofOrganisation: SandboxSettings | null, policyAt: string | null): Promise<PolicyHold> {
    this.behind = null;
    const wanted = this.wanted(ofOrganisation);
    // A floor that cannot be enforced here: the process that takes over meets the same error and reports it.
    const next = await stateOf(wanted, policyAt).catch(() => null);
    if (next === null) return 'anew';
    const needsWall = wanted.mode !== 'none' && next.isEnforced;
    if (!this.walls && needsWall) return 'anew';
    if (this.walls && !needsWall) {
      this.behind = WALL_STAYS;
      return 'anew-at-rest';
    }
    if (this.walls && !(await changeWalls(this.walls, wanted, this.opened.cwd))) return 'anew';
    this.current = next;
    return 'held';
  }

  /** Based on the running policy: folders that must not be changed have been added to it since it was opened. */
  private wanted(ofOrganisation: SandboxSettings | null): SandboxPolicy {
    const running = this.walls?.sandbox.policy ?? this.opened.policy;
    return { ...running, ...followed(this.opened.policyWith(ofOrganisation)) };
  }
}

const WALL_STAYS: PolicyBehind = {
  reason: 'wall_stays',
  detail: 'No sandbox is wanted here any more. This one goes as soon as the agent rests.',
};

/** The daemon has said where its links lead. @throws MovedFolderError when that is another place by now */
function refuseMovedFolder({ places }: SandboxPolicy, cwd: string): void {
  const [folder = cwd] = places;
  if (folder !== cwd) throw new MovedFolderError(cwd, folder);
}

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
  /** Where what runs behind them keeps its temporary files. */
  temp: SessionTemp;
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
    temp,
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
