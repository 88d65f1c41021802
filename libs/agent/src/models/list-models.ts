import {
  createAgentSession,
  DefaultResourceLoader,
  SessionManager,
  SettingsManager,
  type ModelRuntime,
} from '@earendil-works/pi-coding-agent';
import type { ModelInfo } from '@pizzapi/protocol';
import { openModelRuntime } from './open-model-runtime.js';

/**
 * The models that sessions of this runner can use. `isDefault` marks the one that pi chooses when nobody does.
 *
 * @param agentDir pi's own folder.
 * @returns exactly the Demo model where no real provider is set up.
 */
export async function listModels({ agentDir }: { agentDir: string }): Promise<ModelInfo[]> {
  const runtime = await openModelRuntime(agentDir);
  const chosen = await defaultModel(runtime, agentDir);
  return runtime.getAvailableSnapshot().map(({ provider, id, name, contextWindow }) => ({
    provider,
    id,
    name,
    contextWindow,
    isDefault: chosen?.provider === provider && chosen.id === id,
  }));
}

/** Asks pi itself, by a session without a file: its rules (settings, then preferences of its own) are not public. */
async function defaultModel(
  modelRuntime: ModelRuntime,
  agentDir: string,
): Promise<{ provider: string; id: string } | undefined> {
  const settingsManager = SettingsManager.create(agentDir, agentDir, { projectTrusted: false });
  const resourceLoader = new DefaultResourceLoader({
    cwd: agentDir,
    agentDir,
    settingsManager,
    noExtensions: true,
    noSkills: true,
    noPromptTemplates: true,
    noThemes: true,
    noContextFiles: true,
  });
  const { session } = await createAgentSession({
    cwd: agentDir,
    agentDir,
    modelRuntime,
    settingsManager,
    resourceLoader,
    sessionManager: SessionManager.inMemory(agentDir),
    noTools: 'all',
  });
  const { model } = session;
  session.dispose();
  return model && { provider: model.provider, id: model.id };
}
