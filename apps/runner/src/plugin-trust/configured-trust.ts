import { isAbsolute } from 'node:path';
import type { JudgedPlugin, PluginTrust } from '@pizzapi/agent';
import type { PluginProblem, ProjectPlugin } from '@pizzapi/plugins';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { readConfigJson } from '../config/config-file.js';

const WithList = Type.Object({ trustedPlugins: Type.Unknown() });
const Entry = Type.Object({ path: Type.String(), hash: Type.String() });

/** Adds to people's answers what the person's `config.json` trusts, for runners that are set up from a file. An answer about the same content takes precedence. */
export class ConfiguredTrust implements PluginTrust {
  readonly #kept: PluginTrust;
  readonly #configFile: string;
  readonly #entries: readonly unknown[];
  readonly #isList: boolean;

  /** @throws ConfigError */
  constructor(kept: PluginTrust, configFile: string) {
    const file = readConfigJson(configFile);
    const list = Value.Check(WithList, file) ? file.trustedPlugins : [];
    this.#kept = kept;
    this.#configFile = configFile;
    this.#isList = Array.isArray(list);
    this.#entries = Array.isArray(list) ? list : [];
  }

  answerOn(plugin: JudgedPlugin): 'trusted' | 'refused' | null {
    const isListed = this.listed.some(({ path, hash }) => path === plugin.path && hash === plugin.hash);
    return this.#kept.answerOn(plugin) ?? (isListed ? 'trusted' : null);
  }

  remember(...judgement: Parameters<PluginTrust['remember']>): void {
    this.#kept.remember(...judgement);
  }

  /** What the file itself trusts, whatever people said. */
  get listed(): JudgedPlugin[] {
    return this.#entries.filter((entry) => Value.Check(Entry, entry));
  }

  /** The entries of the list that have no effect, and why. @param found the plugins that exist now */
  problemsWith(found: readonly ProjectPlugin[]): PluginProblem[] {
    const problem = (what: string): PluginProblem => ({
      path: this.#configFile,
      detail: `its field "trustedPlugins" ${what}; "pizzapi plugins trusted" shows how entries look`,
    });
    if (!this.#isList) return [problem('is no list')];
    const wrong = this.#entries.filter((entry) => !Value.Check(Entry, entry) || !isAbsolute(entry.path));
    const changed = this.listed.filter(({ path, hash }) =>
      found.some(({ plugin, hash: now }) => plugin.path === path && hash !== now),
    );
    return [
      ...wrong.map((entry) =>
        problem(
          `holds ${JSON.stringify(entry).slice(0, 200)}, and trust is for a full "path" with the "hash" of its content`,
        ),
      ),
      ...changed.map(({ path }) => problem(`holds ${path} with the hash of another content than it has now`)),
    ];
  }
}
