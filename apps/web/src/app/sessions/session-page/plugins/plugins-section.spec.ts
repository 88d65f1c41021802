import { TestBed } from '@angular/core/testing';
import type { SessionPlugin } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { Disclosure } from '../transcript/disclosure';
import { PluginsSection } from './plugins-section';

const guard: SessionPlugin = {
  name: 'guard',
  path: '/p/guard',
  source: 'user',
  state: 'used',
  brings: ['2 hooks'],
  unadapted: [],
};

function shown(...plugins: SessionPlugin[]): string {
  TestBed.configureTestingModule({ providers: [Disclosure] });
  const fixture = TestBed.createComponent(PluginsSection);
  fixture.componentRef.setInput('plugins', plugins);
  fixture.detectChanges();
  const host: HTMLElement = fixture.nativeElement;
  return host.querySelector('ul')?.textContent.replace(/\s+/g, ' ') ?? '';
}

describe('the plugins of a session', () => {
  it('say which of their hooks are broken', () =>
    expect(shown({ ...guard, broken: ['At PreToolUse: it ended with exit code 1.'] })).toContain(
      'A hook is broken. At PreToolUse: it ended with exit code 1.',
    ));

  it('of which none is say nothing of it', () => expect(shown(guard)).not.toContain('broken'));
});
