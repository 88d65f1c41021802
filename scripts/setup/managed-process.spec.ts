import { describe, expect, it } from 'vitest';
import { forPeople } from './managed-process.mjs';

describe('what of a log belongs in the terminal', () => {
  it('shows plain lines, which are printed for people', () => {
    expect(forPeople('Set-up code for the first account: 1234')).toBe('Set-up code for the first account: 1234');
  });

  it('shows warnings and errors by their message', () => {
    expect(forPeople('{"level":40,"msg":"the disk is nearly full"}')).toBe('the disk is nearly full');
  });

  it('keeps the rest in the file', () => {
    expect(forPeople('{"level":30,"msg":"ready"}')).toBeNull();
    expect(forPeople('  ')).toBeNull();
  });

  it('shows what only looks like a log entry', () => {
    expect(forPeople('{broken')).toBe('{broken');
  });
});
