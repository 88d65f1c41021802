import type { JudgedPlugin, PluginTrust } from '@pizzapi/agent';
import type { PluginProblem } from '@pizzapi/plugins';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { readJsonFile } from '../config/config-file.js';

const Listed = Type.Object({ trustedPlugins: Type.Array(Type.Unknown()) });
const Entry = Type.Object({ path: Type.String(), hash: Type.String() });

/** Besides what people answered, what the `config.json` of the runner's person trusts: for runners that are set up from a file. What somebody said of a content goes before. */
export class ConfiguredTrust implements PluginTrust {
  /** What of the list is not used. */
  readonly problems: PluginProblem[];
  readonly #kept: PluginTrust;
  readonly #listed: JudgedPlugin[];

  /** @throws ConfigError */
  constructor(kept: PluginTrust, configFile: string) {
    const file = readJsonFile(configFile);
    const entries = Value.Check(Listed, file) ? file.trustedPlugins : [];
    this.#kept = kept;
    this.#listed = entries.filter((entry) => Value.Check(Entry, entry));
    this.problems = entries
      .filter((entry) => !Value.Check(Entry, entry))
      .map((entry) => ({
        path: configFile,
        detail: `its field "trustedPlugins" holds ${JSON.stringify(entry).slice(0, 200)}, and trust is for a "path" with the "hash" of its content; "pizzapi plugins trusted" shows it`,
      }));
  }

  answerOn(plugin: JudgedPlugin): 'trusted' | 'refused' | null {
    const isListed = this.#listed.some(({ path, hash }) => path === plugin.path && hash === plugin.hash);
    return this.#kept.answerOn(plugin) ?? (isListed ? 'trusted' : null);
  }

  remember(...judgement: Parameters<PluginTrust['remember']>): void {
    this.#kept.remember(...judgement);
  }
}
