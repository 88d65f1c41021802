import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RelayProcess, removeFolder, temporaryFolder } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

/** What the documents tell people to type must work. */
describe('snippets of the documents', () => {
  const documents = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const snippets = documents.flatMap(snippetsOf);
  let home: string;
  let relay: RelayProcess;

  beforeAll(async () => {
    home = await temporaryFolder('snippets');
    relay = await RelayProcess.start({ home });
  });
  afterAll(async () => {
    await relay.stop();
    await removeFolder(home);
  });

  it.each(snippets.filter(({ language }) => language === 'json'))(
    '$document: JSON number $number is JSON',
    ({ text }) => {
      expect(() => {
        JSON.parse(text);
      }).not.toThrow();
    },
  );

  it('names only npm scripts that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    );
    const named = snippets
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });

  it('registers by the curl of "Getting started"', async () => {
    const curl = snippets.find(
      ({ language, text }) => language === 'sh' && text.startsWith('curl') && text.includes('/api/register'),
    );
    expect(curl).toBeDefined();
    const command = (curl?.text ?? '').replace(/https:\/\/[\w.]+/, relay.url).replace('"…"', '"correct horse battery"');
    const { stdout } = await run('sh', ['-c', command]);
    expect(JSON.parse(stdout)).toMatchObject({
      user: { email: 'ada@example.com' },
      apiKey: expect.stringMatching(/^pza_/),
    });
  });

  it('lists every variable that the programs read', () => {
    const documented = readFileSync(join(ROOT, 'docs', 'configuration.md'), 'utf8');
    const read = ['relay', 'runner'].flatMap((app) => variablesIn(join(ROOT, 'apps', app, 'src', 'config')));
    expect(read.length).toBeGreaterThan(10);
    expect(read.filter((name) => !documented.includes(name))).toEqual([]);
  });
});

interface Snippet {
  document: string;
  number: number;
  language: string;
  text: string;
}

function snippetsOf(document: string): Snippet[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language = '', body = ''], index) => ({
    document,
    number: index + 1,
    language,
    text: body.trim(),
  }));
}

function variablesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.includes('spec'),
  );
  return files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/'(PIZZAPI_[A-Z_]+|REDIS_URL|DATABASE_URL)'/g)].map(
      ([, variable = '']) => variable,
    ),
  );
}
