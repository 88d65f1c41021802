import { TestBed } from '@angular/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { Commands } from './commands';

function press(
  commands: Commands,
  key: string,
  options: KeyboardEventInit = {},
  target: HTMLElement = document.body,
): void {
  if (target !== document.body) document.body.append(target);
  target.addEventListener('keydown', (event) => commands.handle(event), { once: true });
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options }));
}

describe('Commands', () => {
  it('knows single keys, modifiers and sequences', () => {
    const commands = TestBed.inject(Commands);
    const run = { n: vi.fn(), palette: vi.fn(), runners: vi.fn(), help: vi.fn() };
    commands.add([
      { id: 'n', label: 'New', group: 'A', combo: 'N', run: run.n },
      { id: 'k', label: 'Palette', group: 'A', combo: 'Mod+K', run: run.palette },
      { id: 'r', label: 'Runners', group: 'A', combo: 'G R', run: run.runners },
      { id: '?', label: 'Help', group: 'A', combo: '?', run: run.help },
    ]);
    press(commands, 'n');
    press(commands, 'k', { metaKey: true });
    press(commands, 'g');
    press(commands, 'r');
    press(commands, '?', { shiftKey: true });
    for (const called of Object.values(run)) expect(called).toHaveBeenCalledOnce();
  });

  it('leaves typing alone, except with a modifier', () => {
    const commands = TestBed.inject(Commands);
    const run = vi.fn();
    commands.add([
      { id: 'n', label: 'New', group: 'A', combo: 'N', run },
      { id: 'k', label: 'Palette', group: 'A', combo: 'Mod+K', run },
    ]);
    const field = document.createElement('input');
    press(commands, 'n', {}, field);
    expect(run).not.toHaveBeenCalled();
    press(commands, 'k', { ctrlKey: true }, field);
    expect(run).toHaveBeenCalledOnce();
  });

  it('forgets a page’s commands with the page', () => {
    const commands = TestBed.inject(Commands);
    const run = vi.fn();
    commands.add([{ id: 'x', label: 'X', group: 'A', combo: 'X', run }])();
    press(commands, 'x');
    expect(run).not.toHaveBeenCalled();
  });
});
