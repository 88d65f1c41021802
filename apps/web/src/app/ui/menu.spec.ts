import { Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { find, until } from '../../testing/until';
import { Menu, MenuItem, MenuTrigger } from './menu';

@Component({
  imports: [Menu, MenuItem, MenuTrigger],
  template: `
    <button id="trigger" [pzMenuTrigger]="actions">Actions</button>
    <ng-template #actions>
      <pz-menu label="Session">
        <button pzMenuItem (chosen)="chosen.set('pin')">Pin</button>
        <button pzMenuItem (chosen)="chosen.set('copy')">Copy id</button>
        <button pzMenuItem [isDanger]="true" (chosen)="chosen.set('delete')">Delete</button>
      </pz-menu>
    </ng-template>
  `,
})
class Host {
  readonly chosen = signal<string | null>(null);
}

describe('Menu', () => {
  let fixture: ComponentFixture<Host>;
  let trigger: HTMLElement;

  beforeEach(async () => {
    fixture = TestBed.createComponent(Host);
    await fixture.whenStable();
    trigger = await until(fixture, () => find(document.body, '#trigger'));
    trigger.focus();
    trigger.click();
    await until(fixture, menu);
  });

  const menu = (): Element | null => find(document.body, '[role="menu"]');
  const focused = (): string | undefined => document.activeElement?.textContent?.trim();
  async function press(key: string, keyCode: number): Promise<void> {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true }),
    );
    await fixture.whenStable();
  }

  it('opens on its first choice and says so', () => {
    expect(menu()?.getAttribute('aria-label')).toBe('Session');
    expect(menu()?.querySelectorAll('[role="menuitem"]')).toHaveLength(3);
    expect(trigger.getAttribute('aria-haspopup')).toBe('menu');
    expect(trigger.getAttribute('aria-expanded')).toBe('true');
    expect(focused()).toBe('Pin');
  });

  it('is walked through by arrows, round its ends', async () => {
    await press('ArrowDown', 40);
    expect(focused()).toBe('Copy id');
    await press('ArrowUp', 38);
    await press('ArrowUp', 38);
    expect(focused()).toBe('Delete');
  });

  it('says what was chosen, closes and gives the focus back', async () => {
    await press('End', 35);
    if (document.activeElement instanceof HTMLElement) document.activeElement.click();
    await fixture.whenStable();
    expect(fixture.componentInstance.chosen()).toBe('delete');
    expect(menu()).toBeNull();
    expect(document.activeElement).toBe(trigger);
  });

  it('closes on Escape, which then means nothing else', async () => {
    const heard: boolean[] = [];
    const hear = (event: Event): unknown => heard.push(event.defaultPrevented);
    document.addEventListener('keydown', hear);
    await press('Escape', 27);
    document.removeEventListener('keydown', hear);
    expect(heard).toEqual([true]);
    expect(menu()).toBeNull();
    expect(trigger.getAttribute('aria-expanded')).toBe('false');
    expect(document.activeElement).toBe(trigger);
    expect(fixture.componentInstance.chosen()).toBeNull();
  });
});
