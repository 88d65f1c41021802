import { join } from 'node:path';
import {
  createAgentSession,
  DefaultResourceLoader,
  SettingsManager,
  type AgentSession,
  type ToolDefinition,
} from '@earendil-works/pi-coding-agent';
import {
  type ForkPoint,
  ProblemCode,
  type ModelRef,
  type SocketProblem,
  ToolOutputBytes,
  type UnnumberedSessionEvent,
} from '@pizzapi/protocol';
import { ApprovalDesk } from '../approvals/approval-desk.js';
import { guardToolCalls } from '../approvals/approval-gate.js';
import { type ApprovalPolicy, deadlineOf, parentsMayAnswer } from '../approvals/approval-policy.js';
import { askUserTool, proposePlanTool } from '../approvals/ask-user.js';
import { childTools } from '../children/child-tools.js';
import { responseTools } from '../children/response-tools.js';
import { sessionCommands } from '../commands/session-commands.js';
import { NoModelConfiguredError } from '../errors/agent-error.js';
import { realFolder } from '../files/real-folder.js';
import { WorkingFolder } from '../files/working-folder.js';
import { McpHost } from '../mcp/mcp-host.js';
import { openModelRuntime } from '../models/open-model-runtime.js';
import { usableModel } from '../models/usable-model.js';
import { type OpenedPlugins, openPlugins } from '../plugins/open-plugins.js';
import { withPluginAgents } from '../plugins/trust/plugin-agents.js';
import { openSessionFile, type SessionFile } from '../session-file/open-session-file.js';
import { confinement } from '../sandbox/confinement.js';
import { keepToolChoice } from '../sandbox/keep-tool-choice.js';
import type { SandboxSetup } from '../sandbox/sandbox-setup.js';
import { teachSigils } from '../sigils/teach-sigils.js';
import { type SessionTools, SubagentHost } from '../subagents/subagent-host.js';
import { type SubagentTool, subagentTool } from '../subagents/subagent-tool.js';
import { triggerTools } from '../triggers/trigger-tools.js';
import { tunnelTools } from '../tunnels/tunnel-tools.js';
import { markAbortedAnswers } from './aborted-answer.js';
import { AgentHost } from './agent-host.js';
import type { AgentPorts } from './agent-ports.js';
import { FolderRules } from './folder-rules.js';
import { openToolCalls } from './interrupted-turn.js';
import { openingProblems } from './opening-problems.js';
import { prepareProcess } from './prepare-process.js';
import { SessionSurroundings } from './session-surroundings.js';

export interface OpenAgentSessionOptions extends AgentPorts {
  sessionId: string;
  /** The session's working folder; must exist. */
  cwd: string;
  /** pi's own folder: models, credentials, settings, extensions. */
  agentDir: string;
  /** pi's folder of session files. Default: `sessions` in {@link agentDir}. */
  sessionsDir?: string;
  /** Rises with every start of this session's worker. */
  epoch: number;
  /** For a conversation that has not begun; one that has keeps the model of its file. Default: pi's own choice. */
  model?: ModelRef;
  /** For a session that has no name yet. */
  name?: string;
  /** Which tool calls run, which a person is asked about, which are refused. Default: all run. */
  approvals?: ApprovalPolicy;
  /** How its tools are confined; they are closed in with the session and end with it. Default: they run in this process. */
  sandbox?: SandboxSetup;
  /** The runner that the session is on, by which its agent may name it. Default: a call that names one names another. */
  runnerId?: string;
  /** How much of a tool's output the events carry, within the bounds of {@link ToolOutputBytes}. Default: 1 MiB. */
  maxOutputBytes?: number;
  /** The session's file must exist. */
  isResume: boolean;
  /** A session that has no file yet goes on from where this one is. */
  forkOf?: ForkPoint;
  /** Gets every event in order. Called synchronously; must not throw. */
  emit: (event: UnnumberedSessionEvent) => void;
}

/**
 * Opens one session in this process: its file, pi's models, tools and extensions. One session per process, because
 * pi's tools and extensions share the process's environment, from which secrets of ours are removed.
 *
 * Nothing is emitted and nothing runs until `start()`.
 *
 * @throws AgentError: FolderMissing, SessionFileMissing, SessionFileLocked, SessionFileCorrupt, ModelUnknown,
 *   NoModelConfigured.
 */
export async function openAgentSession(options: OpenAgentSessionOptions): Promise<AgentHost> {
  const { sessionId, agentDir, epoch, maxOutputBytes = ToolOutputBytes.default, emit } = options;
  prepareProcess(agentDir);
  const cwd = await realFolder(options.cwd);
  const sessionsDir = options.sessionsDir ?? join(agentDir, 'sessions');
  const file = await openSessionFile({
    sessionId,
    cwd,
    sessionsDir,
    mustExist: options.isResume,
    forkOf: options.forkOf,
  });
  try {
    const desk = openDesk(file, options.approvals ?? []);
    const { session, opened, mcp, problems } = await openPiSession(options, file, desk);
    if (options.name && !session.sessionName) session.setSessionName(options.name);
    const { sandbox = null, attachments = null } = options;
    const folder = new WorkingFolder(options.cwd, sandbox);
    const surroundings = new SessionSurroundings(session, { folder, sandbox, opened, mcp });
    const host = new AgentHost({ session, file, desk, attachments, surroundings, epoch, maxOutputBytes, emit });
    await host.restoreAttachments();
    await session.bindExtensions({
      // No terminal and no dialogs: extensions see that and do without.
      mode: 'print',
      onError: ({ extensionPath, event, error }) =>
        host.raiseError(ProblemCode.internal, `The extension ${extensionPath} failed (${event}): ${error}`),
    });
    for (const problem of problems) host.raiseError(problem.code, problem.detail);
    return host;
  } catch (error) {
    file.release();
    throw error;
  }
}

interface OpenedPi {
  session: AgentSession;
  opened: OpenedPlugins;
  mcp: McpHost | null;
  /** What pi got over, and a person should know. */
  problems: SocketProblem[];
}

async function openPiSession(
  options: OpenAgentSessionOptions,
  file: SessionFile,
  desk: ApprovalDesk,
): Promise<OpenedPi> {
  const { agentDir, sigils } = options;
  const cwd = file.manager.getCwd();
  const folders = new FolderRules(agentDir, options.sandbox);
  const modelRuntime = await openModelRuntime(agentDir);
  const settingsManager = SettingsManager.create(cwd, agentDir, { projectTrusted: folders.isTrusted(cwd) });
  const hasBegun = file.manager.buildSessionContext().messages.length > 0;
  const opened = openPlugins(options, { desk, manager: file.manager, settings: settingsManager, hasBegun });
  const tools: SessionTools = {
    extensions: () => resourceLoader.getExtensions().extensions,
    active: () => session.getActiveToolNames(),
    confined: confinement(options.sandbox, file.manager, settingsManager),
    folders,
  };
  const mcp = openServers(options, opened, desk, cwd);
  const delegation = openDelegation(options, opened, desk, tools);
  const resourceLoader = new DefaultResourceLoader({
    cwd,
    agentDir,
    settingsManager,
    additionalSkillPaths: opened.skillFolders,
    skillsOverride: ({ skills, diagnostics }) => ({
      skills: skills.filter(({ filePath }) => !opened.plugins.isLeftOut(filePath)),
      diagnostics,
    }),
    agentsFilesOverride: folders.judgeFound,
    // pi calls these after all others, in this order.
    extensionFactories: [
      markAbortedAnswers,
      sessionCommands,
      ...(sigils ? [teachSigils(sigils)] : []),
      ...(delegation ? [delegation.extension] : []),
      ...(mcp ? [mcp.extension] : []),
      ...opened.extensions,
      guardToolCalls(opened.gate),
    ],
  });
  await resourceLoader.reload();
  const { session, modelFallbackMessage, extensionsResult } = await createAgentSession({
    cwd,
    agentDir,
    modelRuntime,
    settingsManager,
    resourceLoader,
    sessionManager: file.manager,
    customTools: [...tools.confined(cwd), ...ownTools(options, desk), ...(delegation ? [delegation.tool] : [])],
    ...(options.model && !hasBegun && { model: await usableModel(modelRuntime, options.model) }),
  });
  keepToolChoice(session, settingsManager);
  mcp?.settle(session);
  opened.settle({ session, mcp, subagents: hostForHooks(options, opened, desk, tools) });
  if (!session.model || !modelRuntime.getModel(session.model.provider, session.model.id))
    throw new NoModelConfiguredError();
  const modelProblem = modelFallbackMessage ?? modelRuntime.getError();
  const failed = { modelProblem, extensions: extensionsResult.errors, skills: resourceLoader.getSkills() };
  return { session, opened, mcp, problems: await openingProblems(failed, options, folders) };
}

/** The session's MCP servers, where it has any. */
function openServers(
  { mcp: ports, sandbox }: OpenAgentSessionOptions,
  { gate, questionsOfServers: questions }: OpenedPlugins,
  desk: ApprovalDesk,
  cwd: string,
): McpHost | null {
  return ports ? new McpHost({ ports, desk, gate, sandbox: sandbox?.ofServers ?? null, cwd, questions }) : null;
}

/** The tool `subagent`, where the session has it. */
function openDelegation(
  { subagents }: OpenAgentSessionOptions,
  { plugins, gate, ofSubagents }: OpenedPlugins,
  desk: ApprovalDesk,
  tools: SessionTools,
): SubagentTool | null {
  if (!subagents) return null;
  const ports = withPluginAgents(subagents, plugins);
  return subagentTool(new SubagentHost(ports, gate, desk, tools, ofSubagents));
}

/** What plugins' hooks start subagents by: none of the project's agents, and no hooks around them. */
function hostForHooks(
  { subagents }: OpenAgentSessionOptions,
  { gate }: OpenedPlugins,
  desk: ApprovalDesk,
  tools: SessionTools,
): SubagentHost | null {
  return subagents ? new SubagentHost(subagents, gate, desk, tools) : null;
}

/** Tools by which an agent reaches the world around its session. */
function ownTools(
  { triggers, tunnels, children, sandbox }: AgentPorts & Pick<OpenAgentSessionOptions, 'sandbox'>,
  desk: ApprovalDesk,
): ToolDefinition[] {
  return [
    askUserTool(desk),
    proposePlanTool(desk),
    ...(triggers ? triggerTools(triggers) : []),
    ...(tunnels ? tunnelTools(tunnels) : []),
    ...(children ? [...childTools(children, sandbox ?? null), ...responseTools(children)] : []),
  ];
}

function openDesk({ manager }: SessionFile, policy: ApprovalPolicy): ApprovalDesk {
  const openCalls = new Set(openToolCalls(manager.buildSessionContext().messages).map(({ id }) => id));
  return new ApprovalDesk(manager, {
    deadlineMs: deadlineOf(policy),
    mayParentAnswer: parentsMayAnswer(policy),
    openCalls,
  });
}
