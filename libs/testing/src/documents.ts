import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A block of code in a page. */
export interface Snippet {
  document: string;
  /** The page's first is 1. */
  number: number;
  language: string;
  text: string;
}

/** The pages for people, by their paths from the root of the repository. */
export function documents(): string[] {
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.map((name) => `docs/${name}`)];
}

export function textOf(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}

export function snippetsOf(document: string, ...languages: readonly string[]): Snippet[] {
  return [...textOf(document).matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```/gm)]
    .map(([, , language = '', text = ''], at) => ({ document, number: at + 1, language, text: text.trim() }))
    .filter(({ language }) => languages.includes(language));
}
