import type { AgentSession, ExtensionFactory, SessionManager, SettingsManager } from '@earendil-works/pi-coding-agent';
import type { PluginList } from '@pizzapi/plugins';
import { readHere, type Sandbox } from '@pizzapi/sandbox';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { ApprovalGate } from '../approvals/approval-gate.js';
import type { SessionPlace } from '../approvals/child-place.js';
import type { ApprovalPolicy } from '../approvals/approval-policy.js';
import type { ServerQuestionListener } from '../mcp/ask-for-server.js';
import type { McpHost } from '../mcp/mcp-host.js';
import type { SandboxSetup } from '../sandbox/sandbox-setup.js';
import { ViolationLog } from '../sandbox/violation-log.js';
import type { SubagentHost } from '../subagents/subagent-host.js';
import { callHooks, hooksLet } from './hooks/call-hooks.js';
import { type HeardPrompt, hearPrompt } from './hooks/hear-prompt.js';
import { hookExtension } from './hooks/hook-extension.js';
import { hookHands } from './hooks/hook-hands.js';
import type { HookSettings } from './hooks/hook-settings.js';
import { factsOf, NO_FACTS, type SessionFacts } from './hooks/session-facts.js';
import { SessionHooks } from './hooks/session-hooks.js';
import { notifyOf } from './hooks/notify.js';
import { serverQuestionHooks } from './hooks/server-question-hooks.js';
import { hookStarter } from './hooks/start-hook.js';
import { subagentHooks, type SubagentHooks } from './hooks/subagent-hooks.js';
import { SessionPlugins } from './session-plugins.js';
import type { ProjectPluginSource } from './trust/plugin-trust.js';
import { TrustQuestions } from './trust/trust-questions.js';
import { turnExtension } from './turn-extension.js';

/** What is known of the session before pi opens it. */
interface Surroundings {
  desk: ApprovalDesk;
  manager: SessionManager;
  settings: SettingsManager;
  hasBegun: boolean;
}

interface PluginOptions {
  sessionId: string;
  plugins?: PluginList;
  projectPlugins?: ProjectPluginSource;
  hooks?: HookSettings;
  idleAfterMs?: number;
  approvals?: ApprovalPolicy;
  sandbox?: SandboxSetup;
  runnerId?: string;
}

/** What there is only once pi has opened the session. */
interface OpenedSession {
  session: AgentSession;
  mcp: McpHost | null;
  /** What hooks start subagents by. */
  subagents: SubagentHost | null;
}

/** A session's plugins and what stands on them: the gate, because hooks speak before the rules. */
export interface OpenedPlugins {
  gate: ApprovalGate;
  plugins: SessionPlugins;
  hooks: SessionHooks;
  questions: TrustQuestions;
  ofSubagents: SubagentHooks;
  /** What hooks hear of what MCP servers ask people. */
  questionsOfServers: ServerQuestionListener;
  extensions: ExtensionFactory[];
  skillFolders: string[];
  /** Asks hooks about what is said into a running turn. */
  hear(text: string): Promise<HeardPrompt>;
  /** pi has opened the session: from now on hooks can ask its model and its servers. */
  settle(session: OpenedSession): void;
}

const NO_PLUGINS: PluginList = { plugins: [], problems: [] };

export function openPlugins(
  options: PluginOptions,
  { desk, manager, settings, hasBegun }: Surroundings,
): OpenedPlugins {
  const cwd = manager.getCwd();
  const sandbox = options.sandbox?.sandbox ?? null;
  const plugins = new SessionPlugins(options.plugins ?? NO_PLUGINS, options.projectPlugins ?? null);
  const questions = new TrustQuestions({ desk, plugins, trust: options.projectPlugins?.trust ?? null });
  const later = new LaterOpened();
  const turn = new TurnStopper();

  const violations = new ViolationLog(manager);
  const start = hookStarter(sandbox, cwd, settings.getShellPath(), (kept) => violations.noteBesides('a plugin', kept));
  const hooks: SessionHooks = new SessionHooks({
    manager,
    sessionId: options.sessionId,
    settings: options.hooks ?? {},
    facts: () => later.factsWith(plugins),
    hooks: () => plugins.hooks,
    hands: hookHands(start, {
      // What a hook calls is held to the rules, as what the agent calls is held to hooks.
      lets: async (call) => (await gate.lets(call)) && hooksLet(hooks, call),
      cwd,
      session: () => later.opened?.session ?? null,
      mcp: () => later.opened?.mcp ?? null,
      subagents: () => later.opened?.subagents ?? null,
    }),
  });
  const gate: ApprovalGate = new ApprovalGate(
    desk,
    options.approvals ?? [],
    placeIn(cwd, sandbox, options.runnerId ?? null),
    callHooks(hooks, turn.stop),
  );
  desk.onAsked = (subject) => notifyOf(hooks, subject);

  const commands = { cwd, gate, start, readFile: fileReader(sandbox) };
  const servers = (): McpHost | null => later.opened?.mcp ?? null;
  return {
    gate,
    plugins,
    hooks,
    questions,
    ofSubagents: subagentHooks(hooks, turn.stop),
    questionsOfServers: serverQuestionHooks(hooks),
    hear: (text) => hearInTurn(hooks, text, turn.stop, (name) => later.opened?.session.setSessionName(name)),
    settle: (opened) => {
      later.opened = opened;
    },
    extensions: [
      turn.extension,
      turnExtension({ plugins, hooks, questions, hasBegun, hands: commands, servers }),
      hookExtension(hooks, options.idleAfterMs),
    ],
    skillFolders: plugins.all.flatMap(({ skillFolders }) => skillFolders),
  };
}

/** Hooks are made before pi opens the session, and ask it only when they run. */
class LaterOpened {
  opened: OpenedSession | null = null;

  factsWith({ all: plugins }: SessionPlugins): SessionFacts {
    return this.opened ? factsOf({ ...this.opened, plugins }) : NO_FACTS;
  }
}

/** Ends the turn that runs, if one does. */
class TurnStopper {
  #abort = (): void => undefined;

  readonly stop = (): void => this.#abort();

  /** By it pi says which turn that is. */
  readonly extension: ExtensionFactory = (pi) => {
    pi.on('agent_start', (_event, context) => {
      this.#abort = () => context.abort();
    });
  };
}

/** Reads the beginning of a file, as the session's tools would. */
function fileReader(sandbox: Sandbox | null): (path: string, limit: number) => Promise<Buffer> {
  return (path, limit) => sandbox?.readFile(path, limit) ?? readHere(path, limit);
}

/** What is said into a running turn. */
async function hearInTurn(
  hooks: SessionHooks,
  text: string,
  stop: () => void,
  setName: (name: string) => void,
): Promise<HeardPrompt> {
  hooks.gotOn();
  const heard = await hearPrompt(hooks, text, setName);
  if (heard.isOver) stop();
  return heard;
}

function placeIn(folder: string, sandbox: Sandbox | null, runnerId: string | null): SessionPlace {
  return {
    folder,
    runnerId,
    get sandbox() {
      return sandbox?.policy ?? null;
    },
  };
}
