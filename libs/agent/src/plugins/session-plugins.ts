import {
  isInside,
  type OwnedHook,
  type Plugin,
  type PluginCommand,
  type PluginList,
  type PluginRule,
  type ProjectPlugin,
} from '@pizzapi/plugins';
import { MAX_PLUGINS, type SessionPlugin } from '@pizzapi/protocol';
import { pluginView } from './plugin-view.js';
import { type ProjectPluginSource, sorted } from './trust/plugin-trust.js';

/** The plugins that a session uses; a project's join when they are trusted. */
export class SessionPlugins {
  readonly #own: readonly Plugin[];
  #ofProject: readonly ProjectPlugin[];
  #asked: readonly ProjectPlugin[];
  #refused: readonly ProjectPlugin[];
  #leftOut: readonly string[] = [];

  constructor({ plugins }: PluginList, project: ProjectPluginSource | null) {
    const { trusted, asked, refused } = project ? sorted(project) : { trusted: [], asked: [], refused: [] };
    const taken = new Set(plugins.map(({ name }) => name));
    this.#own = plugins;
    // The person's own goes by its name.
    this.#ofProject = trusted.filter(({ plugin }) => !taken.has(plugin.name));
    this.#asked = asked.filter(({ plugin }) => !taken.has(plugin.name));
    this.#refused = refused;
  }

  /** Those of the project about which people are to be asked. */
  get asked(): readonly ProjectPlugin[] {
    return this.#asked;
  }

  /** Somebody has answered, or nobody did in time. */
  settle(candidate: ProjectPlugin, isTrusted: boolean): void {
    this.#asked = this.#asked.filter((each) => each !== candidate);
    if (isTrusted) this.#ofProject = [...this.#ofProject, candidate];
    else this.#refused = [...this.#refused, candidate];
  }

  /** It is not any more what was trusted. */
  leaveOut(former: ProjectPlugin): void {
    this.#ofProject = this.#ofProject.filter((each) => each !== former);
    this.#leftOut = [...this.#leftOut, former.plugin.path];
  }

  /** Nobody is asked about it any more. */
  forget(candidate: ProjectPlugin): void {
    this.#asked = this.#asked.filter((each) => each !== candidate);
  }

  askAbout(candidate: ProjectPlugin): void {
    this.#asked = [...this.#asked, candidate];
  }

  /** Whether a file belongs to a plugin that the session does not use any more. */
  isLeftOut(file: string): boolean {
    const isUsed = this.#ofProject.some(({ plugin }) => isInside(plugin.path, file));
    return !isUsed && this.#leftOut.some((path) => isInside(path, file));
  }

  /** As people are shown them. */
  get views(): SessionPlugin[] {
    const ofProject = (state: SessionPlugin['state']) => (plugin: Plugin) => pluginView(plugin, 'project', state);
    return [
      ...this.#own.map((plugin) => pluginView(plugin, 'user', 'used')),
      ...this.#ofProject.map(({ plugin }) => plugin).map(ofProject('used')),
      ...this.#asked.map(({ plugin }) => plugin).map(ofProject('untrusted')),
      ...this.#refused.map(({ plugin }) => plugin).map(ofProject('refused')),
    ].slice(0, MAX_PLUGINS);
  }

  get all(): readonly Plugin[] {
    return [...this.#own, ...this.#ofProject.map(({ plugin }) => plugin)];
  }

  /** Of the project, those that are trusted. */
  get ofProject(): readonly ProjectPlugin[] {
    return this.#ofProject;
  }

  get hooks(): OwnedHook[] {
    return this.all.flatMap(({ name: plugin, path: root, hooks }) => hooks.map((hook) => ({ ...hook, plugin, root })));
  }

  get rules(): PluginRule[] {
    return this.all.flatMap(({ rules }) => rules);
  }

  /** What variables of Claude Code's stand for in skills, for the model that reads them as they are; empty: nothing needs it. */
  get placesInSkills(): string {
    const places = this.all
      .filter(({ skillsNameFolder }) => skillsNameFolder)
      .map(({ name, path }) => `In skills of the plugin ${name}, \${CLAUDE_PLUGIN_ROOT} stands for ${path}.`);
    return places.length === 0
      ? ''
      : [...places, '${CLAUDE_SKILL_DIR} in a skill stands for the folder of its file.'].join('\n');
  }

  get commands(): PluginCommand[] {
    return this.all.flatMap(({ commands }) => commands);
  }
}
