import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { VariableMissingError, Variables, variablesIn } from './expand-variables.js';
import { readServers as readWith, type ServerFile } from './read-servers.js';

const folder = mkdtempSync(join(tmpdir(), 'mcp-'));
afterAll(() => rmSync(folder, { recursive: true }));

const user = join(folder, 'config.json');
const project = join(folder, '.mcp.json');

const readServers = (files: ServerFile[]) => readWith(files, ({ path }) => readFileSync(path, 'utf8'));

function read(ofUser: unknown, ofProject: unknown) {
  for (const [path, content] of [
    [user, ofUser],
    [project, ofProject],
  ] as const)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readServers([
    { path: user, source: 'user' },
    { path: project, source: 'project' },
  ]);
}

describe('servers', () => {
  it('are read of both files; of two with one name the person’s counts', () => {
    const {
      servers,
      problems,
      project: agreed,
    } = read(
      { relayUrl: 'off', mcpServers: { files: { command: 'mine' } } },
      { mcpServers: { files: { command: 'theirs' }, 'my docs': { type: 'http', url: 'https://example.org/mcp' } } },
    );
    expect(servers).toEqual([
      { name: 'files', source: 'user', path: user, settings: { command: 'mine' } },
      { name: 'my_docs', source: 'project', path: project, settings: { type: 'http', url: 'https://example.org/mcp' } },
    ]);
    expect(problems).toEqual([]);
    expect(agreed).toMatchObject({ path: project, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('may have variables of their file alone', () => {
    writeFileSync(project, '{ "mcpServers": { "a": { "command": "${ROOT}/run", "args": ["${HOME}"] } } }');
    const { servers } = readServers([{ path: project, source: 'user', variables: { ROOT: '/p/"kit"' } }]);
    expect(servers[0]?.settings).toEqual({ command: '/p/"kit"/run', args: ['${HOME}'] });
  });

  it('that are malformed are named, and leave the others', () => {
    const { servers, problems } = read(
      { mcpServers: { good: { command: 'x' }, empty: {}, half: { type: 'http' }, args: { command: 'x', args: 'y' } } },
      '{"mcpServers": ',
    );
    expect(servers.map(({ name }) => name)).toEqual(['good']);
    expect(problems).toEqual([
      { path: user, name: 'empty', detail: expect.stringContaining('`command`') },
      { path: user, name: 'half', detail: expect.stringContaining('`url`') },
      { path: user, name: 'args', detail: expect.stringContaining('/args') },
      { path: project, name: null, detail: expect.stringContaining('is no JSON') },
    ]);
  });

  it.each([
    [[], 'no JSON object'],
    [{ mcpServers: [] }, 'no object'],
  ])('%j is a mistake', (content, detail) =>
    expect(read(content, {}).problems).toEqual([{ path: user, name: null, detail: expect.stringContaining(detail) }]),
  );

  it.each(['{"mcpServers": {"a": {"env": {"KEY": sk-1}}}}', '{"KEY": sk-1}', '{"KEY": "sk-1', 'sk-1'])(
    '%j is no JSON, which is said without the keys in it',
    (content) => {
      const { problems } = read(content, {});
      expect(problems).toEqual([{ path: user, name: null, detail: expect.stringMatching(/^is no JSON: .*\.$/) }]);
      expect(JSON.stringify(problems)).not.toContain('sk-');
    },
  );

  it.each(['github__x', 'github_', 'a..b'])('are none by the name %s, which rules for another would fit', (name) => {
    const { servers, problems } = read({}, { mcpServers: { [name]: { command: 'x' }, fine_name: { command: 'x' } } });
    expect(servers.map((server) => server.name)).toEqual(['fine_name']);
    expect(problems).toEqual([{ path: project, name, detail: expect.stringContaining('without `__`') }]);
  });

  it('whose names come to the same are one, and the other is named', () => {
    const { servers, problems } = read({ mcpServers: { 'my docs': { command: 'x' }, my_docs: { command: 'y' } } }, {});
    expect(servers).toMatchObject([{ name: 'my_docs', settings: { command: 'x' } }]);
    expect(problems).toEqual([{ path: user, name: 'my_docs', detail: expect.stringContaining('is left out') }]);
  });

  it('of a file that cannot be read are none, and the file is named', () => {
    writeFileSync(user, '{ "mcpServers": { "mine": { "command": "x" } } }');
    const { servers, problems } = readServers([
      { path: folder, source: 'project' },
      { path: user, source: 'user' },
    ]);
    expect(servers.map(({ name }) => name)).toEqual(['mine']);
    expect(problems).toEqual([{ path: folder, name: null, detail: expect.stringMatching(/^cannot be read: EISDIR/) }]);
  });

  it('may be none', () => expect(read({}, {})).toEqual({ servers: [], problems: [], project: null }));
});

describe('variables', () => {
  const variables = new Variables({ TOKEN: 'top/secret', EMPTY: '', SHORT: 'a' });

  it.each([
    ['Bearer ${TOKEN}', 'Bearer top/secret'],
    ['${EMPTY:-fallback}${NONE:-}', 'fallback'],
    ['${EMPTY}$TOKEN $${SHORT}', '$TOKEN $a'],
  ])('%j is %j', (text, expanded) => expect(variables.expand(text)).toBe(expanded));

  it('that a setting takes are all found', () =>
    expect(variablesIn({ args: ['a', '${ONE}${TWO:-x}'], env: { A: '${ONE}', B: 'x' }, timeoutMs: 1 })).toEqual([
      'ONE',
      'TWO',
    ]));

  it('that are missing are named', () => expect(() => variables.expand('${NONE}')).toThrow(VariableMissingError));

  it('are kept out of sentences', () =>
    expect(variables.redact('no: https://a/?k=top%2Fsecret and top/secret')).toBe('no: https://a/?k=••• and •••'));
});
