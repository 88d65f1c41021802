import type { LanguageFn } from 'highlight.js';
import { sanitizeHighlighted } from './render-markdown';

type LanguageModule = Promise<{ default: LanguageFn }>;

/** Each language is a chunk of its own, fetched when the first block of it is shown. */
const LANGUAGES: Record<string, () => LanguageModule> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  go: () => import('highlight.js/lib/languages/go'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};
const ALIASES: Record<string, string> = {
  ...{ sh: 'bash', shell: 'bash', zsh: 'bash', console: 'bash', h: 'c', 'c++': 'cpp', hpp: 'cpp', scss: 'css' },
  ...{ patch: 'diff', docker: 'dockerfile', golang: 'go', js: 'javascript', jsx: 'javascript', mjs: 'javascript' },
  ...{ jsonc: 'json', kt: 'kotlin', md: 'markdown', py: 'python', rb: 'ruby', rs: 'rust', ts: 'typescript' },
  ...{ tsx: 'typescript', html: 'xml', svg: 'xml', vue: 'xml', yml: 'yaml' },
};
/** Longer code stays plain: colouring it would block the page for something that nobody reads to its end. */
const MAX_LENGTH = 60_000;

export function languageOf(name: string): string | null {
  const known = ALIASES[name.toLowerCase()] ?? name.toLowerCase();
  return Object.hasOwn(LANGUAGES, known) ? known : null;
}

/** Colours a finished code element when the page has time for it. Unknown languages stay plain. */
export function highlightSoon(code: HTMLElement, languageName: string): void {
  highlightCode(code, languageName).catch((error: unknown) => {
    // Offline, or a newer console was deployed: the code stays readable without colours.
    console.warn('Code is shown without colours because the highlighter could not be loaded.', error);
  });
}

async function highlightCode(code: HTMLElement, languageName: string): Promise<void> {
  const language = languageOf(languageName);
  const text = code.textContent;
  if (language === null || text.length > MAX_LENGTH) return;
  const load = LANGUAGES[language];
  if (load === undefined) return;
  const [{ default: core }, { default: definition }] = await Promise.all([import('highlight.js/lib/core'), load()]);
  await idle();
  if (!code.isConnected) return;
  if (core.getLanguage(language) === undefined) core.registerLanguage(language, definition);
  code.replaceChildren(sanitizeHighlighted(core.highlight(text, { language, ignoreIllegals: true }).value));
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 500 });
    else setTimeout(resolve, 30);
  });
}
