import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import type { SandboxSetup } from '@pizzapi/agent';
import type { SandboxSettings, SandboxState } from '@pizzapi/protocol';
import {
  checkSandbox,
  refuseSecretFolder,
  Sandbox,
  SandboxFloorError,
  type SandboxPolicy,
  sandboxPolicy,
  sandboxPrograms,
  toolEnvironment,
} from '@pizzapi/sandbox';
import type { HomeLayout } from '../../config/home-layout.js';
import { sandboxLayers } from './sandbox-layers.js';
import { SessionTemp } from './session-temp.js';

const UNCONFINED = { sandbox: null, ofServers: null, onRefusedHost: () => undefined, close: () => Promise.resolve() };

export interface SandboxOrder {
  sessionId: string;
  cwd: string;
  /** The organisation's settings; null: it has none. */
  ofOrganisation: SandboxSettings | null;
  /** The session's own among them. */
  readable: readonly string[];
  /** Folders of the project that stay as they are. */
  kept?: readonly string[];
  /** Further folders that hold secrets of ours. */
  hidden: readonly string[];
}

/**
 * Confines the session's tools as the settings say. Where that cannot be enforced, they run without a wall and the state says so, but
 * for a floor, below which nothing runs.
 * @throws ConfigError, SandboxFloorError, SecretFolderError
 */
export async function openSandbox(order: SandboxOrder, layout: HomeLayout): Promise<SandboxSetup> {
  const temp = new SessionTemp(order.sessionId);
  const policy = sandboxPolicy(sandboxLayers(layout.configFile, order.cwd, order.ofOrganisation), {
    cwd: order.cwd,
    userHome: homedir(),
    home: layout.home,
    temp: temp.path,
    sessionTemps: temp.parent,
    sharedTemp: temp.shared,
    hidden: order.hidden,
    readable: order.readable,
    kept: order.kept ?? [],
    ownPrograms: sandboxPrograms(),
  });
  const state = await stateOf(policy);
  if (policy.mode === 'none' || !state.isEnforced) return { ...UNCONFINED, state };
  refuseSecretFolder(policy, order.cwd);
  temp.make();
  // What pi puts into files for its tools to read lies where they can.
  env['TMPDIR'] = temp.path;
  let tellRefused: (host: string, port: number) => void = () => undefined;
  const options = {
    policy,
    cwd: order.cwd,
    emptyFolder: join(layout.runDir, 'empty'),
    env: toolEnvironment(withoutMark(env), temp.path),
    onRefusedHost: (host: string, port: number) => tellRefused(host, port),
  };
  const sandbox = new Sandbox(options);
  // The same wall once more, with processes of its own; it starts with the first server.
  const ofServers = new Sandbox(options);
  if (policy.floor !== 'none') await sandbox.start();
  return {
    state,
    sandbox,
    ofServers,
    onRefusedHost: (listen) => (tellRefused = listen),
    close: async (isOver) => {
      await Promise.all([sandbox.close(), ofServers.close()]);
      if (isOver) temp.remove();
    },
  };
}

/** The sandbox's own process is none that the agent started: it must not keep the session from resting. */
function withoutMark({ PIZZAPI_SESSION_ID: _mark, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return others;
}

async function stateOf({ mode, floor }: SandboxPolicy): Promise<SandboxState> {
  const check = await checkSandbox({ mode });
  const detail = check.isEnforceable ? check.lack : check.detail;
  if (detail !== undefined && floor !== 'none') throw new SandboxFloorError(floor, detail);
  const isEnforced = check.isEnforceable && mode !== 'none';
  return { mode, isEnforced, ...(detail !== undefined && { detail }) };
}
