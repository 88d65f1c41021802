import { describe, expect, it } from 'vitest';
import { abilitiesOf } from './agent-abilities.js';
import { chooseModel } from './choose-model.js';
import { readToolNames } from './tool-names.js';

describe('names of tools', () => {
  const known = new Set(['read', 'bash', 'edit', 'find', 'grep', 'ls', 'write', 'deploy', 'ask_user']);

  it("of Claude Code stand for pi's", () => {
    const names = ['Bash', 'Read', 'Edit', 'MultiEdit', 'Write', 'Glob', 'Grep', 'LS', 'AskUserQuestion', 'deploy'];
    expect(readToolNames(names, known)).toEqual({
      tools: ['bash', 'read', 'edit', 'write', 'find', 'grep', 'ls', 'ask_user', 'deploy'],
      notes: [],
    });
  });

  it('that are none here, or are scoped, are left out and said', () => {
    expect(readToolNames(['WebSearch', 'Bash(git:*)', 'Task', 'read'], known)).toEqual({
      tools: ['read'],
      notes: [
        'The tool WebSearch is left out: there is none of that name here.',
        'The tool Bash(git:*) is left out: a scope in brackets cannot be enforced here.',
        'The tool Task is left out: there is none of that name here.',
      ],
    });
  });
});

describe("an agent's model", () => {
  const model = (provider: string, id: string) => ({ provider, id, name: id });
  const usable = [
    model('anthropic', 'claude-sonnet-4-5-20250929'),
    model('anthropic', 'claude-sonnet-4-20250514'),
    model('anthropic', 'claude-haiku-4-5'),
    model('router', 'anthropic/claude-sonnet-5'),
    model('router', 'anthropic/claude-opus-4'),
  ];
  const session = { provider: 'anthropic', id: 'claude-haiku-4-5' };

  it.each([
    [null, 'anthropic/claude-haiku-4-5'],
    ['inherit', 'anthropic/claude-haiku-4-5'],
    // The newest of its kind, the session's provider first.
    ['sonnet', 'anthropic/claude-sonnet-4-5-20250929'],
    ['opus', 'router/anthropic/claude-opus-4'],
    ['claude-sonnet-4-20250514', 'anthropic/claude-sonnet-4-20250514'],
    ['router/anthropic/claude-sonnet-5', 'router/anthropic/claude-sonnet-5'],
    ['anthropic/claude-sonnet-5', 'router/anthropic/claude-sonnet-5'],
  ])('%s is %s', (wanted, expected) => {
    const { model: chosen, note } = chooseModel(wanted, session, usable);
    expect([`${chosen.provider}/${chosen.id}`, note]).toEqual([expected, null]);
  });

  it("is the session's where there is none of that kind, which is said", () => {
    const { model: chosen, note } = chooseModel('opus', session, usable.slice(0, 3));
    expect([chosen, note]).toEqual([session, expect.stringContaining('No model of the kind "opus"')]);
  });

  it('that is not set up is an error', () => {
    expect(() => chooseModel('gpt-9', session, usable)).toThrow(expect.objectContaining({ code: 'model_unknown' }));
  });
});

it('says what an agent may do', () => {
  expect(abilitiesOf(['read', 'bash', 'edit', 'write'], 'a/m')).toEqual([
    'Run any command',
    'Write and change files',
    'Read files',
    'Spend tokens of a/m',
  ]);
  expect(abilitiesOf(['read', 'deploy', 'subagent'], 'a/m')).toEqual([
    'Read files',
    'Start other agents, where this runner lets it',
    'Use deploy',
    'Spend tokens of a/m',
  ]);
  expect(abilitiesOf([], 'a/m')).toEqual(['Use no tools', 'Spend tokens of a/m']);
});
