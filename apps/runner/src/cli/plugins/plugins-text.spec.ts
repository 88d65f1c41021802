import { expect, it } from 'vitest';
import { pluginsText } from './plugins-text.js';

it('lists plugins with what sessions have of them, what is not used, and what is broken', () => {
  const command = {
    name: 'kit:go',
    description: 'Goes.',
    argumentHint: null,
    argumentNames: [],
    allowedTools: null,
    content: 'Go.',
    path: '/p/kit/commands/go.md',
  };
  const plugin = {
    name: 'kit',
    path: '/p/kit',
    description: 'A kit.',
    version: '1.0.0',
    commands: [command],
    skillFolders: ['/p/kit/skills'],
    skillsNameFolder: false,
    agentFolders: [],
    hooks: [],
    serverFiles: ['/p/kit/.mcp.json'],
    rules: [{ path: '/p/kit/rules/ts.md', content: 'x', paths: ['**/*.ts'] }],
    unadapted: ['Its monitors are not started.'],
  };
  const problems = [{ path: '/p/bad/plugin.json', detail: 'it is not a JSON object' }];
  expect(pluginsText({ plugins: [plugin], problems }, ['/p'])).toBe(
    [
      'kit 1.0.0  (/p/kit)',
      '  A kit.',
      '  /kit:go  Goes.',
      '  skills: /p/kit/skills',
      '  rules: /p/kit/rules/ts.md (**/*.ts)',
      '  MCP servers: /p/kit/.mcp.json',
      '  not used: Its monitors are not started.',
      '',
      'Not used: /p/bad/plugin.json: it is not a JSON object.',
      '',
    ].join('\n'),
  );
  expect(pluginsText({ plugins: [], problems: [] }, ['/p', '/q'])).toBe('No plugins in /p, /q.\n');
});
