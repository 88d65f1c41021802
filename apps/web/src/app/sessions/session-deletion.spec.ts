import { Component } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import type { SessionView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRunner, aSession } from '../../testing/fixtures';
import { provideSilentConnection, SilentConnection } from '../../testing/silent-connection';
import { find, until } from '../../testing/until';
import { ApiProblem } from '../core/api/api-problem';
import { DeadLettersApi } from '../core/api/dead-letters-api';
import { RunnersApi } from '../core/api/runners-api';
import { SessionsApi } from '../core/api/sessions-api';
import { Toasts } from '../core/toasts';
import { SessionActions } from './session-actions';
import { SessionDeletion } from './session-deletion';
import { SessionsLayout } from './sessions-layout';

@Component({ template: '' })
class Blank {}

describe('deleting a session', () => {
  const remove = vi.fn();
  const stop = vi.fn();
  let connection: SilentConnection;
  let home: PromiseWithResolvers<typeof Blank>;
  let page: HTMLElement;
  let fixture: ComponentFixture<SessionsLayout>;
  let first: SessionView;
  let second: SessionView;

  beforeEach(async () => {
    localStorage.clear();
    remove.mockReset();
    stop.mockReset();
    connection = new SilentConnection();
    home = Promise.withResolvers();
    first = aSession({ name: 'Retry refunds' });
    second = aSession({ name: 'Broken links', status: 'ended', activity: null });
    TestBed.configureTestingModule({
      providers: [
        provideRouter([
          { path: '', pathMatch: 'full', loadComponent: () => home.promise },
          { path: 's/:sessionId', component: Blank },
        ]),
        provideSilentConnection(connection),
        { provide: DeadLettersApi, useValue: { count: () => Promise.resolve(0) } },
        { provide: RunnersApi, useValue: { list: () => Promise.resolve({ runners: [aRunner()] }) } },
        {
          provide: SessionsApi,
          useValue: { list: () => Promise.resolve({ sessions: [first, second] }), remove, stop },
        },
      ],
    });
    fixture = TestBed.createComponent(SessionsLayout);
    page = fixture.nativeElement;
    await until(fixture, () => link('Retry refunds'));
  });

  const link = (name: string): HTMLElement | null => find(page, 'a[data-session]', name);
  const dialog = (): HTMLElement | null => find(page, 'dialog');
  const said = (): string[] =>
    TestBed.inject(Toasts)
      .toasts()
      .map(({ text }) => text);
  const press = (label: string): void => find(page, 'dialog button', label)?.click();

  async function chooseInMenu(name: string): Promise<void> {
    const actions = await until(fixture, () => find(page, `button[aria-label="Actions for ${name}"]`));
    actions.focus();
    actions.click();
    const choice = await until(fixture, () => find(document.body, '[role=menuitem]', 'Delete…'));
    choice.click();
    await until(fixture, dialog);
  }

  it('asks in the list as on the page: which one, and what goes with it', async () => {
    await chooseInMenu('Retry refunds');
    expect(dialog()?.textContent).toContain('Delete “Retry refunds”?');
    expect(dialog()?.textContent).toContain('Its agent is stopped.');
    expect(dialog()?.textContent).toContain('forks no longer show those files');
    press('Cancel');
    await until(fixture, () => dialog() === null);
    expect(link('Retry refunds')).not.toBeNull();
    expect(remove).not.toHaveBeenCalled();
    TestBed.inject(SessionDeletion).ask(second);
    await until(fixture, dialog);
    expect(dialog()?.textContent).toContain('Delete “Broken links”?');
    expect(dialog()?.textContent).not.toContain('Its agent');
    TestBed.inject(SessionDeletion).ask(aSession({ name: 'Not begun', status: 'pending', activity: null }));
    await until(fixture, () => dialog()?.textContent.includes('Delete “Not begun”?'));
    expect(dialog()?.textContent).toContain('It will not start. The conversation');
  });

  it('is done once it was confirmed, and the focus stays in the list', async () => {
    const answer = Promise.withResolvers<undefined>();
    remove.mockReturnValue(answer.promise);
    await TestBed.inject(Router).navigate(['/s', first.sessionId]);
    await chooseInMenu('Retry refunds');
    press('Delete');
    press('Delete');
    press('Cancel');
    expect(remove.mock.calls).toEqual([[first.sessionId]]);
    await until(fixture, () => find(page, 'dialog [aria-busy=true]'));
    answer.resolve(undefined);
    // Also while the page that it leads to is still on its way, for which `until` would wait.
    await vi.waitFor(() => {
      fixture.detectChanges();
      expect(dialog() ?? link('Retry refunds')).toBeNull();
    });
    expect(document.activeElement).toBe(link('Broken links'));
    expect(said()).toEqual(['Deleted “Retry refunds”']);
    home.resolve(Blank);
    await until(fixture, () => TestBed.inject(Router).url === '/');
  });

  it('keeps the focus in the list where the news of it comes before the answer', async () => {
    const answer = Promise.withResolvers<undefined>();
    remove.mockReturnValue(answer.promise);
    await chooseInMenu('Retry refunds');
    press('Delete');
    connection.say('session:removed', { sessionId: first.sessionId });
    await until(fixture, () => dialog() === null && link('Retry refunds') === null);
    expect(document.activeElement).toBe(link('Broken links'));
    answer.resolve(undefined);
    await until(fixture, () => said().length > 0);
    expect(said()).toEqual(['Deleted “Retry refunds”']);
  });

  it('asks no more about one that was deleted elsewhere', async () => {
    await chooseInMenu('Retry refunds');
    connection.say('session:removed', { sessionId: second.sessionId });
    await until(fixture, () => link('Broken links') === null);
    expect(dialog()).not.toBeNull();
    connection.say('session:removed', { sessionId: first.sessionId });
    await until(fixture, () => dialog() === null);
    expect(remove).not.toHaveBeenCalled();
  });

  it('leaves nothing to end of one that was about to be ended', async () => {
    stop.mockRejectedValue(new ApiProblem({ status: 404, code: 'not_found', detail: 'There is no such session.' }));
    const toasts = TestBed.inject(Toasts);
    TestBed.inject(SessionActions).stop(first);
    await chooseInMenu('Retry refunds');
    press('Delete');
    await until(fixture, () => dialog() === null);
    toasts.toasts().forEach(({ id }) => toasts.dismiss(id));
    await until(fixture, () => stop.mock.settledResults[0]?.type === 'rejected');
    expect(said()).toEqual([]);
  });

  it('says why it was refused, and the session stays', async () => {
    remove.mockRejectedValue(new ApiProblem({ status: 503, code: 'unavailable', detail: 'Redis is away.' }));
    await chooseInMenu('Broken links');
    press('Delete');
    await until(fixture, () => dialog() === null);
    expect(said()).toEqual(['Redis is away.']);
    expect(link('Broken links')).not.toBeNull();
  });
});
