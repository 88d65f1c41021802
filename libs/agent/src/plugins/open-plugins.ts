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
  const violations = new ViolationLog(manager);
  const start = hookStarter(sandbox, cwd, settings.getShellPath(), (kept) => violations.noteBesides('a plugin', kept));
  let ground: OpenedSession | null = null;
  const hands = hookHands(start, {
    lets: async (call) => (await gate.lets(call)) && hooksLet(hooks, call),
    cwd,
    session: () => ground?.session ?? null,
    mcp: () => ground?.mcp ?? null,
    subagents: () => ground?.subagents ?? null,
  });
  const { sessionId, hooks: hookSettings = {} } = options;
  const facts = (): SessionFacts => (ground ? factsOf({ ...ground, plugins: plugins.all }) : NO_FACTS);
  const known = { manager, sessionId, settings: hookSettings, facts };
  const hooks = new SessionHooks({ ...known, hooks: () => plugins.hooks, hands });
  desk.onAsked = (subject) => notifyOf(hooks, subject);
  const turn = turnStopper();
  const gate: ApprovalGate = new ApprovalGate(
    desk,
    options.approvals ?? [],
    placeIn(cwd, sandbox, options.runnerId ?? null),
    callHooks(hooks, turn.stop),
  );
  const readFile = (path: string, limit: number): Promise<Buffer> =>
    sandbox?.readFile(path, limit) ?? readHere(path, limit);
  return {
    gate,
    plugins,
    hooks,
    questions,
    ofSubagents: subagentHooks(hooks, turn.stop),
    questionsOfServers: serverQuestionHooks(hooks),
    hear: (text) => hearInTurn(hooks, text, turn.stop, (name) => ground?.session.setSessionName(name)),
    settle: (found) => {
      ground = found;
    },
    extensions: [
      turn.extension,
      turnExtension({
        plugins,
        hooks,
        questions,
        hasBegun,
        hands: { cwd, gate, start, readFile },
        servers: () => ground?.mcp ?? null,
      }),
      hookExtension(hooks, options.idleAfterMs),
    ],
    skillFolders: plugins.all.flatMap(({ skillFolders }) => skillFolders),
  };
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

/** Ends the turn that runs. */
function turnStopper(): { stop: () => void; extension: ExtensionFactory } {
  let stop = (): void => undefined;
  return {
    stop: () => stop(),
    extension: (pi) => {
      pi.on('agent_start', (_event, context) => {
        stop = () => context.abort();
      });
    },
  };
}
