import { describe, expect, it } from 'vitest';
import { claudeNames, fromClaude, toClaude, toClaudeResponse } from './claude-tools.js';
import { coversAllOf, fitsAnyOf, toolRules } from './tool-rule.js';

describe("pi's tools, as plugins know them", () => {
  it.each<[string, object, string, object]>([
    ['bash', { command: 'ls', timeout: 5 }, 'Bash', { command: 'ls', timeout: 5_000 }],
    ['read', { path: 'a.ts', offset: 3 }, 'Read', { file_path: '/srv/app/a.ts', offset: 3 }],
    ['write', { path: '/x/a.ts', content: 'c' }, 'Write', { file_path: '/x/a.ts', content: 'c' }],
    [
      'edit',
      { path: 'a.ts', edits: [{ oldText: 'a', newText: 'b' }] },
      'Edit',
      { file_path: '/srv/app/a.ts', old_string: 'a', new_string: 'b', replace_all: false },
    ],
    ['grep', { pattern: 'x', ignoreCase: true }, 'Grep', { pattern: 'x', '-i': true }],
    ['find', { pattern: '*.ts', path: 'src' }, 'Glob', { pattern: '*.ts', path: 'src' }],
    ['ls', { path: 'src' }, 'LS', { path: 'src' }],
    ['subagent', { agent: 'a', task: 't' }, 'Agent', { subagent_type: 'a', prompt: 't' }],
    ['create_tunnel', { port: 3_000 }, 'create_tunnel', { port: 3_000 }],
  ])('%s', (ours, args, name, input) => {
    const call = toClaude(ours, args, '/srv/app');
    expect(call).toEqual({ tool_name: name, tool_input: input });
    expect(claudeNames(ours)[0]).toBe(name);
    // And back, with nothing changed.
    expect(fromClaude(ours, call.tool_input, args, '/srv/app')).toEqual(args);
  });

  it.each<[string, object, unknown]>([
    ['bash', { command: 'ls' }, { stdout: 'said', stderr: '', interrupted: false }],
    ['write', { path: 'a', content: '' }, { filePath: '/srv/app/a', success: true }],
    ['read', { path: 'a' }, { type: 'text', file: { filePath: '/srv/app/a', content: 'said' } }],
    ['ls', {}, 'said'],
  ])('%s: what it gave', (ours, args, response) =>
    expect(toClaudeResponse(toClaude(ours, args, '/srv/app'), 'said')).toEqual(response),
  );

  it('an edit of several places shows all its texts, and may be changed in either form', () => {
    const args = { path: 'a.ts', edits: ['a', 'c'].map((oldText) => ({ oldText, newText: `${oldText}!` })) };
    const { tool_input: input } = toClaude('edit', args, '/srv/app');
    expect(input).toMatchObject({ old_string: 'a\nc', new_string: 'a!\nc!', edits: [{ old_string: 'a' }, {}] });
    const one = fromClaude('edit', { file_path: '/srv/app/a.ts', old_string: 'a', new_string: 'z' }, args, '/srv/app');
    expect(one).toEqual({ path: 'a.ts', edits: [{ oldText: 'a', newText: 'z' }] });
    const other = fromClaude('edit', { ...input, file_path: '/srv/app/b.ts' }, args, '/srv/app');
    expect(other).toEqual({ ...args, path: '/srv/app/b.ts' });
  });
});

describe('rules for tools', () => {
  it.each([
    ['Bash, Read', ['Bash', 'Read']],
    ['Bash(git add:*), Bash(git commit -m "a, b")', ['Bash(git add:*)', 'Bash(git commit -m "a, b")']],
    [['Bash(ls)', 7], ['Bash(ls)']],
    [undefined, []],
  ])('are read from %j', (field, rules) => expect(toolRules(field)).toEqual(rules));

  const ofServer = { tool_name: 'mcp__memory__store', tool_input: {} };

  it.each([
    ['mcp__memory__store', true],
    ['mcp__memory', true],
    ['mcp__memory__*', true],
    ['mcp__*__store', true],
    ['mcp__mem', false],
    ['mcp__memory__stor', false],
    ['mcp__other__*', false],
  ])('%s for a tool of a server: %s', (rule, fits) => expect(fitsAnyOf(rule, ofServer)).toBe(fits));

  const bash = (command: string) => ({ tool_name: 'Bash', tool_input: { command } });
  const edit = (path: string) => ({ tool_name: 'Edit', tool_input: { file_path: path } });

  it.each([
    ['Bash', bash('rm -rf x; ls'), true, true],
    ['Bash(git status:*)', bash('git status'), true, true],
    ['Bash(git status:*)', bash('git status --short'), true, true],
    ['Bash(git status *)', bash('git statusx'), false, false],
    ['Bash(git *)', bash('git status; rm x'), true, false],
    ['Bash(git *)', bash('ls $(git status)'), true, false],
    ['Bash(npm run test)', bash('npm run test'), true, true],
    ['Bash(a.c)', bash('abc'), false, false],
    ['Edit(*.ts)', edit('/srv/app/src/a.ts'), true, true],
    ['Edit(/srv/app/src/**)', edit('/srv/app/src/a.ts'), true, true],
    ['Edit(*.md)', edit('/srv/app/src/a.ts'), false, false],
    ['Write(*.ts)', edit('/srv/app/src/a.ts'), false, false],
  ])('%s for %j: fits a part %s, covers all %s', (rule, call, isPart, isAll) => {
    expect(fitsAnyOf(rule, call)).toBe(isPart);
    expect(coversAllOf(rule, call)).toBe(isAll);
  });
});
