import type { PolicyNotice, UnknownPolicy, UnnumberedSessionEvent } from '@pizzapi/protocol';
import { type AgentHost, openAgentSession, readPlugins, readProjectPlugins, trustedPlugins } from '@pizzapi/agent';
import { projectFolders } from '../config/project-folders.js';
import type { HomeLayout } from '../config/home-layout.js';
import type { WorkerBoot } from '../worker-state/worker-boot.js';
import type { OpenedAgent, PolicyHold } from './agent-session.js';
import { AttachmentFolder } from './attachments/attachment-folder.js';
import { ConfiguredTrust } from '../plugin-trust/configured-trust.js';
import { PluginTrustFiles } from '../plugin-trust/plugin-trust.files.js';
import { mcpPorts } from './mcp/mcp-ports.js';
import { readHookSettings } from './hook-config.js';
import { readApprovalFiles, withOrganisation } from './approval-config.js';
import { subagentPorts } from './subagents/subagent-ports.js';
import { type FollowingSetup, openSandbox } from './sandbox/open-sandbox.js';
import type { RelayPorts } from './relay-requests/relay-ports.js';

/** Opens pi on the session's file. @throws with a {@link ProblemCode} when the file, the folder or the model is at fault; ConfigError; SandboxFloorError; SecretFolderError */
export async function openAgent(
  boot: WorkerBoot,
  layout: HomeLayout,
  emit: (event: UnnumberedSessionEvent) => void,
  ports: RelayPorts,
): Promise<OpenedAgent> {
  const { sessionId, cwd, epoch, model, name, forkOf, isResume, policy = {} } = boot;
  const { plugins, projectPlugins } = await findPlugins(layout, cwd);
  const trusted = trustedPlugins(projectPlugins);
  const attachments = new AttachmentFolder(layout.attachmentsDir, sessionId, ports.files);
  const sandbox = await openSandbox(
    {
      sessionId,
      cwd,
      ofOrganisation: policy.sandbox ?? null,
      policyAt: boot.policyAt ?? null,
      frame: boot.frame ?? null,
      hidden: boot.hidden ?? [],
      readable: [attachments.path],
      kept: trusted.map(({ path }) => path),
    },
    layout,
  );
  const files = readApprovalFiles(layout.configFile, cwd);
  const agent = await openAgentSession({
    sessionId,
    cwd,
    agentDir: layout.agentDir,
    sessionsDir: layout.sessionDir,
    epoch,
    ...(model && { model }),
    ...(name !== undefined && { name }),
    ...(forkOf && { forkOf }),
    maxOutputBytes: boot.maxToolOutputBytes,
    isResume,
    approvals: withOrganisation(files, policy.approvals ?? null),
    plugins,
    projectPlugins,
    hooks: readHookSettings(layout.configFile),
    subagents: subagentPorts(layout, cwd, plugins.plugins),
    mcp: mcpPorts(layout, cwd, plugins.plugins, sandbox.sandbox?.policy ?? null),
    attachments,
    sandbox,
    ...(boot.runnerId !== undefined && { runnerId: boot.runnerId }),
    ...ports,
    emit,
  });
  const followPolicy = async ({ policy: ofOrganisation, policyAt }: PolicyNotice): Promise<PolicyHold> => {
    // At once: what the sandbox needs may take a moment.
    agent.setApprovals(withOrganisation(files, ofOrganisation?.approvals ?? null));
    const hold = await sandbox.follow(ofOrganisation?.sandbox ?? null, policyAt);
    agent.tellSandbox();
    return hold;
  };
  return { agent, followPolicy, keepPolicy: (news) => keepPolicy(agent, sandbox, news) };
}

/** The person's own plugins, and those of the project with what they trust of them. */
async function findPlugins(layout: HomeLayout, cwd: string) {
  const plugins = await readPlugins({ roots: layout.pluginRoots, installedFile: layout.installedPluginsFile });
  const trust = new ConfiguredTrust(new PluginTrustFiles(layout.consentsDir), layout.configFile);
  const places = { own: layout.pluginRoots, installed: plugins.ofProjects ?? [], plugins: plugins.plugins };
  const found = await readProjectPlugins(projectFolders(cwd), places);
  const problems = [...trust.problemsWith(found.plugins), ...found.problems];
  return { plugins, projectPlugins: { plugins: found.plugins, problems, trust } };
}

function keepPolicy(agent: AgentHost, sandbox: FollowingSetup, { detail }: UnknownPolicy): void {
  sandbox.fallBehind({ reason: 'not_understood', detail });
  agent.tellSandbox();
}
