import type { PluginHook } from './hooks/hook.js';

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
  /** Whether its skills speak of where they lie by a variable of Claude Code's, which stands for nothing where they are read. */
  skillsNameFolder: boolean;
  /** Folders of agents' Markdown files. */
  agentFolders: string[];
  /** What it wants run when something happens. */
  hooks: PluginHook[];
  /** What its rules tell the model. */
  rules: PluginRule[];
  /** Files with a field `mcpServers`, in which `${CLAUDE_PLUGIN_ROOT}` stands for its folder. */
  serverFiles: string[];
  /** What of it is not used, a sentence each; never silently dropped. */
  unadapted: string[];
}

/** A command: `/plugin:command`, or `/plugin:folder:command`. */
export interface PluginCommand {
  name: string;
  description: string;
  argumentHint: string | null;
  /** What its arguments are called in {@link content}, in order. */
  argumentNames: readonly string[];
  /** What the model reads, with `$ARGUMENTS` and `$1` still in it, and with lines of shell that are to be run. */
  content: string;
  /** Rules such as `Bash(git status:*)` for the lines of shell in it; null: it names none. */
  allowedTools: string[] | null;
  /** The file, in full. */
  path: string;
}

/** Instructions of a plugin, for the whole session or for files. */
export interface PluginRule {
  /** The file, in full. */
  path: string;
  content: string;
  /** Globs of the files that it is about, relative to the session's folder; null: it holds always. */
  paths: string[] | null;
}

/** A plugin, or a file of one, that cannot be read, and why. */
export interface PluginProblem {
  path: string;
  /** Without a full stop. */
  detail: string;
}

/** A plugin that Claude Code has installed for the person. */
export interface InstalledPlugin {
  /** As Claude Code calls it; what its manifest says counts before. */
  name: string;
  /** Its folder, in full. */
  path: string;
}

/** One that it has installed for one project alone, whoever asked for that. */
export interface ProjectInstall extends InstalledPlugin {
  /** The project's folder, in full. */
  projectPath: string;
  /** In Claude Code's settings, of which the project's count before the person's. */
  isSwitchedOff: boolean;
}

export interface PluginList {
  plugins: Plugin[];
  problems: PluginProblem[];
  /** Folders of those that Claude Code has installed and the person has switched off there. Default: none. */
  switchedOff?: string[];
  /** Those that Claude Code has installed for a project alone. Default: none. */
  ofProjects?: ProjectInstall[];
}

/** Splits a Markdown file. Whoever reads YAML brings it. @throws when the frontmatter is no YAML */
export type FrontmatterParser = (content: string) => { frontmatter: unknown; body: string };
