/** Whose folder an agent's file lies in. A project's agents are used only with a person's consent. */
export type AgentSource = 'user' | 'project';

/** An agent as its Markdown file defines it. */
export interface AgentDefinition {
  name: string;
  description: string;
  /** What the file says below its frontmatter: the agent's instructions. */
  prompt: string;
  /** Names as the file writes them; null: those that the session has. */
  tools: string[] | null;
  /** Names that it must not have, whatever it would get otherwise. */
  withoutTools: string[];
  /** As the file writes it: `inherit`, an alias such as `sonnet`, or a model's id. Null: the session's. */
  model: string | null;
  source: AgentSource;
  /** The file, in full. */
  path: string;
  /** SHA-256 of the file's content, in hex: what a person consents to. */
  hash: string;
  /** The file's content. */
  content: string;
  /** What of the frontmatter is not followed, a sentence each. */
  notes: string[];
}

/** A file that is no agent, and why. */
export interface AgentFileProblem {
  path: string;
  detail: string;
}
