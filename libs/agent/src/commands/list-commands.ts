import type { AgentSession } from '@earendil-works/pi-coding-agent';
import { hintOf, type ServerPrompt } from '@pizzapi/mcp';
import type { PluginCommand } from '@pizzapi/plugins';
import { MAX_COMMANDS, SessionCommand } from '@pizzapi/protocol';
import { Value } from 'typebox/value';
import { SESSION_COMMAND_HINTS } from './session-commands.js';

type Offered = Omit<SessionCommand, 'description' | 'argumentHint'> & {
  description: string | undefined;
  argumentHint?: string | undefined;
};

/** What an input may begin with here: commands of ours, of extensions, of plugins and of MCP servers, prompt templates, skills. By name; of two with one name, the one that runs. */
export function listCommands(
  { extensionRunner, promptTemplates, resourceLoader }: AgentSession,
  ofPlugins: readonly PluginCommand[] = [],
  ofServers: readonly ServerPrompt[] = [],
): SessionCommand[] {
  const offered: Offered[] = [
    ...extensionRunner.getRegisteredCommands().map(({ invocationName: name, description }) => ({
      name,
      description,
      argumentHint: SESSION_COMMAND_HINTS.get(name),
      kind: 'action' as const,
    })),
    ...ofPlugins.map(({ name, description, argumentHint }) => ({
      name,
      description,
      argumentHint: argumentHint ?? undefined,
      kind: 'prompt' as const,
    })),
    ...ofServers.map((prompt) => ({
      name: prompt.name,
      description: prompt.description,
      argumentHint: hintOf(prompt),
      kind: 'prompt' as const,
    })),
    ...resourceLoader
      .getSkills()
      .skills.map(({ name, description }) => ({ name: `skill:${name}`, description, kind: 'skill' as const })),
    ...promptTemplates.map(({ name, description, argumentHint }) => ({
      name,
      description,
      argumentHint,
      kind: 'prompt' as const,
    })),
  ];
  const byName = new Map<string, SessionCommand>();
  for (const each of offered) {
    const command = shortened(each);
    if (!byName.has(command.name) && Value.Check(SessionCommand, command)) byName.set(command.name, command);
  }
  return [...byName.values()].sort((one, other) => one.name.localeCompare(other.name)).slice(0, MAX_COMMANDS);
}

function shortened({ name, kind, description = '', argumentHint }: Offered): SessionCommand {
  return {
    name,
    kind,
    description: description.slice(0, 1_024),
    ...(argumentHint ? { argumentHint: argumentHint.slice(0, 200) } : {}),
  };
}
