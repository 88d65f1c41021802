/**
 * Whether an absolute path is one of these folders or below one, by its name alone. Links are not followed: what is inside
 * by its name may lead out, and what is outside may lead in.
 */
export function isInsideByName(path: string, folders: readonly string[]): boolean {
  const parts = partsOf(path);
  return folders.some((folder) => partsOf(folder).every((part, index) => part === parts[index]));
}

function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}
