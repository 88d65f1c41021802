import { loadProjectContextFiles } from '@earendil-works/pi-coding-agent';
import { readSmallFile, UnreadableFileError } from '@pizzapi/plugins';

/** `AGENTS.md` or `CLAUDE.md`, as pi takes it. */
export interface InstructionFile {
  path: string;
  content: string;
}

export interface Instructions {
  files: InstructionFile[];
  /** Those that are not read, and why, without a full stop. */
  problems: { path: string; detail: string }[];
}

/** Whether tools of the session could read what lies there. */
type MayRead = (realPath: string) => boolean;

/** Anything larger is not a file of instructions. */
const MAX_BYTES = 1024 * 1024;

/** What applies in a folder: pi's own file, that of the folder, and those of all above it. */
export function readInstructions(cwd: string, agentDir: string, mayRead: MayRead): Instructions {
  return judgedInstructions(loadProjectContextFiles({ cwd, agentDir }), mayRead);
}

/**
 * Reads files that pi has found once more, as the session's tools could: pi follows links wherever they lead, and what it read would reach
 * the model. Whoever can write to the folder can put a link there.
 */
export function judgedInstructions(found: readonly { path: string }[], mayRead: MayRead): Instructions {
  const read: Instructions = { files: [], problems: [] };
  for (const { path } of found) {
    try {
      const content = readSmallFile(path, { maxBytes: MAX_BYTES, mayRead }).replace(/^\uFEFF/, '');
      read.files.push({ path, content });
    } catch (error) {
      read.problems.push({ path, detail: detailOf(error) });
    }
  }
  return read;
}

/** As pi writes them into a system prompt; empty for none. */
export function instructionText(files: readonly InstructionFile[]): string {
  if (files.length === 0) return '';
  return [
    'Project-specific instructions and guidelines:',
    ...files.map(({ path, content }) => `<project_instructions path="${path}">\n${content}\n</project_instructions>`),
  ].join('\n\n');
}

function detailOf(error: unknown): string {
  if (error instanceof UnreadableFileError) return error.detail;
  return `it cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`;
}
