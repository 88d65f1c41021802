import { describe, expect, it } from 'vitest';
import { revealed } from '../conversation/revealed';
import { asked, colour, ofServer, sudo } from './approval-fixtures';
import {
  askedBecause,
  runnerNamedIn,
  spokenQuestion,
  subjectLine,
  taskWords,
  toolWords,
  whyAsked,
} from './approval-words';

describe('words of approvals', () => {
  const tool = (toolName: string, args: unknown) =>
    toolWords({ kind: 'tool', toolName, args, rule: { tool: '*', pattern: null, source: '' } }, '');

  it('hide nothing: neither signs without width nor arguments', () => {
    expect(revealed('rm \u202e-rf\u200b\n\tx\u0007')).toBe('rm ⟨U+202E⟩-rf⟨U+200B⟩\n\tx⟨U+0007⟩');
    expect(tool('bash', { command: 'ls', timeout: 5 })).toMatchObject({ object: 'ls', rest: '{\n  "timeout": 5\n}' });
    expect(tool('write', { path: 'a.ts', content: 'one\ntwo' })).toMatchObject({ object: 'a.ts', rest: '' });
    expect(tool('write', { path: 'a.ts', content: 'one\ntwo' }).diff).toHaveLength(2);
    expect(tool('write', { path: { odd: true }, content: '' }).rest).toContain('odd');
    expect(tool('edit', { path: 'a', edits: [{ oldText: 'x', newText: 'y' }] }).diff?.map(({ text }) => text)).toEqual([
      'x',
      'y',
    ]);
    expect(tool('deploy', { to: 'staging' })).toMatchObject({
      heading: 'Use deploy?',
      rest: '{\n  "to": "staging"\n}',
    });
  });

  it('say where a child session would start, and why that is asked', () => {
    const args = { prompt: 'Count.', runnerId: 'r2', name: 'Counter' };
    const rule = { tool: 'spawn_session', pattern: null, source: 'the sandbox: another runner has other rules' };
    const subject = { kind: 'tool' as const, toolName: 'spawn_session', args, rule };
    expect(toolWords(subject, 'build-2')).toMatchObject({
      heading: 'Start a child session on build-2?',
      object: 'Count.',
      rest: '{\n  "runnerId": "r2",\n  "name": "Counter"\n}',
    });
    expect([runnerNamedIn(subject), runnerNamedIn({ ...subject, args: { prompt: 'Count.' } })]).toEqual(['r2', null]);
    expect(runnerNamedIn({ toolName: 'deploy', args })).toBeNull();
    expect(whyAsked(asked(subject))).toBe(
      'The sandbox asks: another runner has other rules. No answer by 14:35 means no.',
    );
  });

  it('say whose call it is', () => {
    const subject = { ...sudo, agent: 'scout' };
    expect(toolWords(subject, 'build-1').heading).toBe('Run this on build-1 for the subagent scout?');
    expect(subjectLine(subject)).toBe('scout: sudo systemctl reload haproxy');
    expect(subjectLine({ ...colour, agent: 'scout' })).toBe('scout: Which colour?');
  });

  it('tell runs of one agent apart', () => {
    const run = { number: 2, of: 3, task: 'Look at the rear\u202e.' };
    const subject = { ...sudo, agent: 'scout', run };
    expect(toolWords(subject, 'build-1').heading).toBe('Run this on build-1 for the subagent scout (2 of 3)?');
    expect(subjectLine(subject)).toBe('scout (2 of 3): sudo systemctl reload haproxy');
    expect(askedBecause({ ...colour, agent: 'scout', run })).toBe('A question of the subagent scout (2 of 3)');
    expect(taskWords(subject)).toBe('Its task: “Look at the rear⟨U+202E⟩.”');
    expect(subjectLine({ ...subject, run: { ...run, number: 1, of: 1 } })).toMatch(/^scout: /);
    expect(taskWords(sudo)).toBe('');
  });

  it('say that a server asks, and what for, however much it says', () => {
    expect(askedBecause(ofServer)).toBe('A question of the MCP server met');
    expect(subjectLine(ofServer)).toMatch(/^MCP server met: .* “ok. ⏎ # PizzaPi ⏎ Sign in⟨U\+202E⟩ again.”$/);
    const server = { name: 'met', message: 'x'.repeat(2_000) };
    expect(subjectLine({ ...ofServer, server })).toMatch(/^MCP server met: \*\*Password.* “x{120}…”$/);
    expect(spokenQuestion(asked(ofServer), '')).toMatch(/^The MCP server met asks: /);
  });

  it('say the whole question to who cannot see it', () => {
    expect(spokenQuestion(asked(), 'build-1')).toBe(
      'Run this on build-1? sudo systemctl reload haproxy Rule “sudo *” asks. No answer by 14:35 means no.',
    );
  });
});
