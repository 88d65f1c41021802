import type { FoundFile } from '@pizzapi/protocol';

/** Worst kind of fit. */
const KINDS = 7;

/** Files and the folders they are in, those near the top first: the order of what fits equally well. */
export function withFolders(files: readonly string[]): FoundFile[] {
  const folders = new Set<string>();
  for (const file of files)
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  const found = [
    ...[...folders].map((path) => ({ path, isFolder: true, depth: depthOf(path) })),
    ...files.map((path) => ({ path, isFolder: false, depth: depthOf(path) })),
  ];
  found.sort((a, b) => a.depth - b.depth || a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
  return found.map(({ path, isFolder }) => ({ path, isFolder }));
}

/**
 * What fits a query, the best first: a name that is it, begins with it, has a word that does, has it inside; a path that has it; a name, a path
 * that have its letters in their order. Upper and lower case are the same. A query with a slash is about the path; one that ends with it
 * about what is in that folder.
 */
export function* rankPaths(found: readonly FoundFile[], query: string): Generator<FoundFile> {
  const wanted = query.toLowerCase().replace(/^\.?\//, '');
  if (wanted === '') return yield* found;
  const kinds: FoundFile[][] = Array.from({ length: KINDS }, () => []);
  for (const each of found) kinds[kindOf(each, wanted)]?.push(each);
  for (const kind of kinds) yield* kind;
}

function kindOf({ path, isFolder }: FoundFile, wanted: string): number {
  const lower = path.toLowerCase();
  if (!wanted.includes('/')) return kindOfName(lower, wanted);
  // The folder itself is typed already.
  return isFolder && `${lower}/` === wanted ? KINDS : kindOfPath(lower, wanted);
}

function kindOfPath(path: string, wanted: string): number {
  const at = path.indexOf(wanted);
  if (at === 0) return 0;
  if (at > 0) return path[at - 1] === '/' ? 1 : 2;
  return hasLetters(path, wanted) ? 3 : KINDS;
}

function kindOfName(path: string, wanted: string): number {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === wanted || name.slice(0, name.lastIndexOf('.')) === wanted) return 0;
  const at = name.indexOf(wanted);
  if (at === 0) return 1;
  if (at > 0) return isLetter(name.charCodeAt(at - 1)) ? 3 : 2;
  if (path.includes(wanted)) return 4;
  if (hasLetters(name, wanted)) return 5;
  return hasLetters(path, wanted) ? 6 : KINDS;
}

function hasLetters(text: string, wanted: string): boolean {
  let at = -1;
  for (const letter of wanted) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || code > 127;
}

function depthOf(path: string): number {
  let depth = 0;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) depth += 1;
  return depth;
}
