import type { SubagentPorts } from '../../subagents/subagent-ports.js';
import type { SessionPlugins } from '../session-plugins.js';

/** With the agents of the project's plugins: who trusts a plugin trusts its agents, so nobody is asked about them again. */
export function withPluginAgents(ports: SubagentPorts, plugins: SessionPlugins): SubagentPorts {
  return {
    ...ports,
    get folders() {
      const ofPlugins = plugins.ofProject.flatMap(({ plugin: { name, path: root, agentFolders } }) =>
        agentFolders.map((path) => ({ path, source: 'user' as const, plugin: name, root })),
      );
      return [...ports.folders, ...ofPlugins];
    },
  };
}
