import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { InspectorDock } from './inspector-dock';

/** There is no room beside the session: the inspector is a drawer. */
describe('the inspector as a drawer', () => {
  let dock: InspectorDock;
  const button = (): HTMLButtonElement => document.body.appendChild(document.createElement('button'));

  beforeEach(() => {
    dock = TestBed.inject(InspectorDock);
    expect(dock.isDrawer()).toBe(true);
  });

  it('covers the rest, and gives the focus back to what opened it', () => {
    const [opener, inside] = [button(), button()];
    opener.focus();
    dock.show('children');
    expect(dock.isCovering()).toBe(true);
    inside.focus();
    dock.show('details');
    dock.close();
    inside.remove();
    TestBed.tick();
    expect(dock.isCovering()).toBe(false);
    expect(document.activeElement).toBe(opener);
  });

  it('does not lie over the session that it led to', () => {
    const opener = button();
    opener.focus();
    dock.show('children');
    opener.blur();
    dock.leave();
    TestBed.tick();
    expect(dock.isOpen()).toBe(false);
    expect(document.activeElement).not.toBe(opener);
    expect(dock.tab()).toBe('children');
  });
});
