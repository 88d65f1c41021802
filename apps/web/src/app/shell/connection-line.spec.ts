import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { SilentConnection, provideSilentConnection } from '../../testing/silent-connection';
import { find, until } from '../../testing/until';
import { ConnectionLine } from './connection-line';

describe('ConnectionLine', () => {
  it('says why the relay closed the connection, and what to do, until that is dismissed', async () => {
    const connection = new SilentConnection();
    TestBed.configureTestingModule({ providers: [provideSilentConnection(connection)] });
    const fixture = TestBed.createComponent(ConnectionLine);
    const page: HTMLElement = fixture.nativeElement;
    await fixture.whenStable();
    expect(find(page, '.bar')).toBeNull();
    connection.closing.set({ code: 'flooding', detail: 'More than 50 messages a second.' });
    await until(fixture, () => find(page, '.bar[role=status]', 'sent too much at once'));
    connection.closing.set({ code: 'malformed_message', detail: 'attach: no session' });
    await until(fixture, () => find(page, '.bar', 'Reload to get the console that fits it'));
    find(page, 'button[aria-label=Dismiss]')?.click();
    await until(fixture, () => find(page, '.bar') === null);
  });

  it('says since when what is seen is old, unless nothing was seen yet', async () => {
    const connection = new SilentConnection();
    TestBed.configureTestingModule({ providers: [provideSilentConnection(connection)] });
    const fixture = TestBed.createComponent(ConnectionLine);
    const page: HTMLElement = fixture.nativeElement;
    connection.offlineSince.set(new Date());
    await until(fixture, () => find(page, '.bar', 'What you see is from then'));
    fixture.componentRef.setInput('isAlone', true);
    await until(fixture, () => find(page, '.bar') === null);
  });
});
