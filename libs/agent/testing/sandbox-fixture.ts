import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import type { SandboxSettings } from '@pizzapi/protocol';
import { Sandbox, sandboxPolicy, toolEnvironment } from '@pizzapi/sandbox';
import { anInput, type EventLog, type SessionFixture } from './session-fixture.js';
import type { SandboxSetup } from '../src/sandbox/sandbox-setup.js';

/** A secret of the fixture's user. */
export function secretOf({ home }: SessionFixture): string {
  return join(home, 'user', '.ssh', 'id_ed25519');
}

/** Confines the tools of a fixture's session. @param libs folder of the compiled libraries; nothing of it is needed until a tool runs */
export function confinedSetup(
  fixture: SessionFixture,
  libs: string,
  settings: SandboxSettings = {},
  kept: string[] = [],
): SandboxSetup {
  const temp = join(fixture.home, 'temp');
  mkdirSync(temp, { recursive: true });
  const entry = (name: string): string => join(libs, 'sandbox', name, 'main.js');
  const options = {
    policy: sandboxPolicy([settings], {
      cwd: fixture.cwd,
      userHome: join(fixture.home, 'user'),
      home: join(fixture.home, 'user', '.pizzapi'),
      temp,
      sessionTemps: temp,
      sharedTemp: join(fixture.home, 'none'),
      hidden: [],
      readable: [],
      kept,
      ownPrograms: [process.execPath, libs],
    }),
    cwd: fixture.cwd,
    emptyFolder: join(fixture.home, 'empty'),
    env: toolEnvironment(env, temp),
    temp,
    onRefusal: () => undefined,
    entries: { launcher: entry('launch'), helper: entry('helper') },
  };
  const sandbox = new Sandbox(options);
  const ofServers = new Sandbox(options);
  const close = async (): Promise<void> => void (await Promise.all([sandbox.close(), ofServers.close()]));
  const state = { mode: sandbox.policy.mode, isEnforced: true };
  return { state, sandbox, ofServers, onRefusal: () => undefined, close };
}

/** Of the scripted model what is needed here. */
interface ScriptedTurns {
  next(...turns: ((said: Saying) => Promise<void>)[]): void;
}
interface Saying {
  toolCall(tool: string, args: object): Promise<void>;
  text(text: string): Promise<void>;
}

/** The model calls one tool after the other, then says something. @returns what it reads of each */
export async function results(
  model: ScriptedTurns,
  log: EventLog,
  host: { receive: (items: ReturnType<typeof anInput>[]) => Promise<void> },
  calls: [string, object][],
): Promise<string[]> {
  model.next(
    ...calls.map(
      ([tool, args]) =>
        (said: { toolCall: (tool: string, args: object) => Promise<void> }) =>
          said.toolCall(tool, args),
    ),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.untilIdle();
  return log.of('entry.appended').flatMap(({ kind, content }) => (kind === 'tool' ? [textOf(content)] : []));
}

export function textOf(content: unknown): string {
  const found: unknown = JSON.parse(JSON.stringify(content));
  return typeof found === 'object' && found !== null && 'content' in found && Array.isArray(found.content)
    ? found.content
        .map((block: unknown) =>
          typeof block === 'object' && block !== null && 'text' in block ? String(block.text) : '',
        )
        .join('')
    : '';
}
