import type { McpServer } from '@pizzapi/mcp';
import { describe, expect, it } from 'vitest';
import { serverConsent, unshowable } from './server-consent.js';

const PROJECT = { path: '/project/.mcp.json', hash: 'abc', content: '{}' };
const server = (name: string, settings: McpServer['settings'], source: McpServer['source'] = 'project'): McpServer => ({
  name,
  source,
  path: PROJECT.path,
  settings,
});

describe('what a person is asked about a project’s servers', () => {
  it('names all that they start, reach, set and get', () => {
    const env = { NODE_OPTIONS: '--require ./x.js', KEY: '${ANTHROPIC_API_KEY}' };
    const servers = [
      server('mine', { command: 'not shown' }, 'user'),
      server('files', { command: 'node', args: ['a.js', 'two words', '${PORT:-1}'], env }),
      server('docs', { type: 'http', url: 'https://a.example/${KEY}', headers: { Authorization: 'Bearer ${TOKEN}' } }),
    ];
    expect(serverConsent(PROJECT, servers)).toMatchObject({
      content: '{}',
      abilities: [
        'files: starts node a.js "two words" ${PORT:-1}; sets the variables NODE_OPTIONS, KEY; gets of the runner’s environment PORT, ANTHROPIC_API_KEY',
        'docs: connects to https://a.example/${KEY}; sets the headers Authorization; gets of the runner’s environment KEY, TOKEN',
      ],
    });
  });

  it('is nothing where not all of it can be shown', () => {
    const many = (count: number, source: McpServer['source']) =>
      Array.from({ length: count }, (_, at) => server(`s${at}`, { command: 'x' }, source));
    expect(unshowable(PROJECT, [...many(20, 'project'), ...many(20, 'user')])).toBeNull();
    expect(unshowable(PROJECT, many(21, 'project'))).toMatch(/^names 21 servers/);
    expect(unshowable({ ...PROJECT, content: 'x'.repeat(20_001) }, [])).toMatch(/^has 20001 characters/);
  });
});
