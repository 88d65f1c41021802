import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documents, snippetsOf, textOf } from '@pizzapi/testing';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));

describe('the pages', () => {
  it('have JSON that is JSON', () => {
    const snippets = documents().flatMap((document) => snippetsOf(document, 'json'));
    expect(snippets.length).toBeGreaterThan(10);
    expect(snippets.filter(({ text }) => !isJson(text))).toEqual([]);
  });

  it("name npm's commands that there are", () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(textOf('package.json'));
    const named = documents().flatMap((document) =>
      [...textOf(document).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(named).toContain('relay');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('name places with tests where they say how to run some', () => {
    const named = documents().flatMap((document) =>
      [...textOf(document).matchAll(/vitest run --project unit ([\w/-]+)/g)].map(([, place = '']) => place),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const place of named) expect(filesIn(place)).toContainEqual(expect.stringMatching(/(?<!int-)spec\.ts$/));
  });

  it('link to pages and headings that there are', () => {
    const readmes = ['apps', 'libs', 'docs/adr'].flatMap(filesIn).filter((name) => name.endsWith('.md'));
    const links = [...documents(), 'CHANGELOG.md', ...readmes].flatMap(linksIn);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(leadsNowhere)).toEqual([]);
  });
});

describe('docs/openapi.json', () => {
  it('says in a few words what each operation does', () => {
    const { paths }: { paths: Record<string, Record<string, { summary?: string }>> } = JSON.parse(
      textOf('docs/openapi.json'),
    );
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { summary = '' }]) => ({ name: `${method} ${path}`, summary })),
    );
    expect(operations.length).toBeGreaterThan(50);
    expect(operations.filter(({ summary }) => summary === '' || summary.length > 100)).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  const listed = variablesIn(textOf('docs/configuration.md'));
  const read = ['relay', 'runner']
    .flatMap((app) => filesIn(`apps/${app}/src/config`))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .flatMap((name) => variablesIn(readFileSync(join(ROOT, name), 'utf8')));
  const ofNpmTest = 'CHROMIUM_PATH';

  it('lists every variable that relay and runner read, and no other', () => {
    // What the runner sets for services stands in services.md.
    const given = new Set(['PIZZAPI_SERVICE_ID']);
    expect(new Set(read.filter((name) => !given.has(name)))).toEqual(
      new Set(listed.filter((name) => name !== ofNpmTest)),
    );
  });

  it('knows every variable that another page names', () => {
    const named = documents().flatMap((document) => variablesIn(textOf(document)));
    expect(new Set(named)).toEqual(new Set([...listed, 'PIZZAPI_SERVICE_ID']));
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function variablesIn(text: string): string[] {
  return text.match(/\b(?:PIZZAPI_[A-Z_]*[A-Z]|REDIS_URL|DATABASE_URL|CHROMIUM_PATH)\b/g) ?? [];
}

interface Link {
  document: string;
  target: string;
}

function linksIn(document: string): Link[] {
  const prose = textOf(document).replace(/^( *)```[\s\S]*?^\1```/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => ({ document, target }))
    .filter(({ target }) => !/^https?:/.test(target));
}

function leadsNowhere({ document, target }: Link): boolean {
  const [path = '', heading] = target.split('#');
  const page = path === '' ? document : relative(ROOT, join(ROOT, dirname(document), path));
  if (!existsSync(join(ROOT, page))) return true;
  return heading !== undefined && !headingsOf(page).includes(heading);
}

/** By their anchors, as GitHub makes them. */
function headingsOf(page: string): string[] {
  const prose = textOf(page).replace(/^( *)```[\s\S]*?^\1```/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
