import type { Plugin, ProjectPlugin, ProjectPlugins } from '@pizzapi/plugins';
import type { ApprovalPerson } from '@pizzapi/protocol';

/** A project's plugin as it was when somebody answered. */
export interface JudgedPlugin {
  /** Its folder, in full and without links. */
  path: string;
  /** Of its content. */
  hash: string;
}

/** What people answered; kept in the home of the runner's person, where no project can write. */
export interface PluginTrust {
  /** Null: nobody answered about this content. */
  answerOn(plugin: JudgedPlugin): 'trusted' | 'refused' | null;
  remember(plugin: JudgedPlugin, answer: 'trusted' | 'refused', by: ApprovalPerson): void;
}

/** The plugins of a session's project, and who may use them. */
export interface ProjectPluginSource extends ProjectPlugins {
  trust: PluginTrust;
}

/** Of a project's plugins those that are trusted, those about which nobody was asked, and those that are refused. */
export function sorted({
  plugins,
  trust,
}: ProjectPluginSource): Record<'trusted' | 'asked' | 'refused', ProjectPlugin[]> {
  const of = (answer: 'trusted' | 'refused' | null): ProjectPlugin[] =>
    plugins.filter(({ plugin: { path }, hash }) => trust.answerOn({ path, hash }) === answer);
  return { trusted: of('trusted'), asked: of(null), refused: of('refused') };
}

/** Of a project's plugins those that may be used. */
export function trustedPlugins(source: ProjectPluginSource): Plugin[] {
  return sorted(source).trusted.map(({ plugin }) => plugin);
}
