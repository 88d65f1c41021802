import { matchesGlob, relative } from 'node:path';
import {
  DEFAULT_MAX_BYTES,
  formatSize,
  type GrepToolDetails,
  type GrepToolInput,
  truncateHead,
  truncateLine,
} from '@earendil-works/pi-coding-agent';
import type { Sandbox } from '@pizzapi/sandbox';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const DEFAULT_MATCHES = 100;
/** What ripgrep may print: far more than is shown, and no flood. */
const MAX_PRINTED_BYTES = 8 * 1024 * 1024;

export class SearchFailedError extends Error {
  override readonly name = 'SearchFailedError';
}

interface Found {
  content: { type: 'text'; text: string }[];
  details: GrepToolDetails | undefined;
}

/** A line that ripgrep found, or one near it. Text that is no UTF-8 comes as bytes, which are not shown. */
const RgLine = Type.Object({
  type: Type.Union([Type.Literal('match'), Type.Literal('context')]),
  data: Type.Object({
    path: Type.Object({ text: Type.String() }),
    lines: Type.Object({ text: Type.Optional(Type.String()) }),
    line_number: Type.Integer(),
  }),
});
type RgLine = Static<typeof RgLine>;
const rgLine = Compile(RgLine);

/** pi's grep with ripgrep in the sandbox: its arguments, limits and words. */
export async function grep(
  sandbox: Sandbox,
  path: string,
  input: GrepToolInput,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const { limit = DEFAULT_MATCHES } = input;
  const isFolder = await sandbox.isDirectory(path);
  const lines = await ripgrep(sandbox, isFolder ? path : '/', signal, grepArguments(input, path));
  const most = Math.max(1, limit);
  const { shown, matches, isCut } = shownLines(lines, (file) => (isFolder ? relative(path, file) : baseOf(file)), most);
  if (matches === 0) return { content: [{ type: 'text', text: 'No matches found' }], details: undefined };
  const truncation = truncateHead(shown.join('\n'), { maxLines: Number.MAX_SAFE_INTEGER });
  const notices = [
    ...(matches >= most ? [`${most} matches limit reached. Use limit=${most * 2} for more, or refine pattern`] : []),
    ...(truncation.truncated ? [`${formatSize(DEFAULT_MAX_BYTES)} limit reached`] : []),
    ...(isCut ? ['Some lines truncated. Use read tool to see full lines'] : []),
  ];
  const details: GrepToolDetails = {
    ...(matches >= most && { matchLimitReached: most }),
    ...(truncation.truncated && { truncation }),
    ...(isCut && { linesTruncated: true }),
  };
  const text = notices.length > 0 ? `${truncation.content}\n\n[${notices.join('. ')}]` : truncation.content;
  return { content: [{ type: 'text', text }], details: Object.keys(details).length > 0 ? details : undefined };
}

function grepArguments({ pattern, glob, ignoreCase, literal, context = 0 }: GrepToolInput, path: string): string[] {
  return [
    '--json',
    '--line-number',
    '--color=never',
    '--hidden',
    ...(ignoreCase ? ['--ignore-case'] : []),
    ...(literal ? ['--fixed-strings'] : []),
    ...(glob === undefined ? [] : ['--glob', glob]),
    ...(context > 0 ? [`--context=${Math.floor(context)}`] : []),
    '--',
    pattern,
    path,
  ];
}

/** Files below a folder whose names fit; what `.gitignore` names is left out. */
export async function findFiles(
  sandbox: Sandbox,
  pattern: string,
  folder: string,
  { limit, signal }: { limit: number; signal: AbortSignal | undefined },
): Promise<string[]> {
  const files = await ripgrep(sandbox, folder, signal, ['--files', '--hidden', '--no-require-git', '--glob', '!.git']);
  // As of a shell that looks everywhere: a pattern without a slash is about the name alone.
  const glob = pattern.startsWith('/') ? pattern.slice(1) : pattern.startsWith('**/') ? pattern : `**/${pattern}`;
  return files.filter((file) => matchesGlob(withoutDots(file), withoutDots(glob))).slice(0, limit);
}

/** A star stands for hidden names too. */
function withoutDots(path: string): string {
  return path.replace(/(^|\/)\.(?=[^./])/g, '$1\u0001');
}

async function ripgrep(
  sandbox: Sandbox,
  cwd: string,
  signal: AbortSignal | undefined,
  args: string[],
): Promise<string[]> {
  const chunks: Buffer[] = [];
  const { code, end, errors } = await sandbox.run(
    { program: 'rg', args: ['--no-config', ...args], cwd, limit: MAX_PRINTED_BYTES },
    { onOutput: (chunk) => chunks.push(chunk), signal },
  );
  if (end === 'cancel') throw new Error('Operation aborted');
  const text = Buffer.concat(chunks).toString();
  // 1: nothing was found. 2: something could not be looked into, which the rest does not suffer from.
  if (end !== 'limit' && (code === null || (code > 1 && text === '')))
    throw new SearchFailedError(errors?.trim() || `ripgrep ended with code ${code}`);
  return text.split('\n').filter((line) => line !== '');
}

function shownLines(
  printed: string[],
  nameOf: (file: string) => string,
  most: number,
): { shown: string[]; matches: number; isCut: boolean } {
  const shown: string[] = [];
  let matches = 0;
  let isCut = false;
  for (const line of printed) {
    const found = parsedLine(line);
    if (found === null) continue;
    if (found.type === 'match') matches += 1;
    if (matches > most) break;
    const { text, wasTruncated } = truncateLine((found.data.lines.text ?? '(not text)').replace(/\r?\n$/, ''));
    isCut ||= wasTruncated;
    const [mark, end] = found.type === 'match' ? [':', ':'] : ['-', '-'];
    shown.push(`${nameOf(found.data.path.text)}${mark}${found.data.line_number}${end} ${text}`);
  }
  return { shown, matches: Math.min(matches, most), isCut };
}

function parsedLine(line: string): RgLine | null {
  try {
    const value: unknown = JSON.parse(line);
    return rgLine.Check(value) ? value : null;
  } catch {
    // The last line of one that was ended at its limit.
    return null;
  }
}

function baseOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
