/** A Claude Code plugin as far as this product can use it. */
export interface Plugin {
  /** As its commands and agents are called; each name once. */
  name: string;
  /** Its folder, in full. */
  path: string;
  description: string;
  version: string | null;
  commands: PluginCommand[];
  /** Folders in which each folder is a skill. */
  skillFolders: string[];
  /** Folders of agents' Markdown files. */
  agentFolders: string[];
  /** What of it is not used, a sentence each; never silently dropped. */
  unadapted: string[];
}

/** A command: `/plugin:command`, or `/plugin:folder:command`. */
export interface PluginCommand {
  name: string;
  description: string;
  argumentHint: string | null;
  /** What the model reads, with `$ARGUMENTS` and `$1` still in it. */
  content: string;
  /** The file, in full. */
  path: string;
}

/** A plugin, or a file of one, that cannot be read, and why. */
export interface PluginProblem {
  path: string;
  /** Without a full stop. */
  detail: string;
}

export interface PluginList {
  plugins: Plugin[];
  problems: PluginProblem[];
}

/** Splits a Markdown file. Whoever reads YAML brings it. @throws when the frontmatter is no YAML */
export type FrontmatterParser = (content: string) => { frontmatter: unknown; body: string };
