import {
  createSyntheticSourceInfo,
  type DefaultResourceLoader,
  type PromptTemplate,
} from '@earendil-works/pi-coding-agent';
import type { Plugin, PluginList } from '@pizzapi/plugins';

type ResourceOptions = ConstructorParameters<typeof DefaultResourceLoader>[0];

/** What plugins bring to a session, as pi takes it: commands as prompt templates, and skills. */
export function pluginResources({
  plugins,
}: PluginList): Required<Pick<ResourceOptions, 'additionalSkillPaths' | 'promptsOverride'>> {
  const prompts = plugins.flatMap(promptsOf);
  return {
    additionalSkillPaths: plugins.flatMap(({ skillFolders }) => skillFolders),
    promptsOverride: (base) => ({ ...base, prompts: [...base.prompts, ...prompts] }),
  };
}

function promptsOf({ path: baseDir, commands }: Plugin): PromptTemplate[] {
  return commands.map(({ name, description, argumentHint, content, path }) => ({
    name,
    description,
    content,
    filePath: path,
    sourceInfo: createSyntheticSourceInfo(path, { source: 'plugin', scope: 'user', baseDir }),
    ...(argumentHint !== null && { argumentHint }),
  }));
}
