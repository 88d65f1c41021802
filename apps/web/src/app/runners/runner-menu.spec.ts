import { OverlayContainer } from '@angular/cdk/overlay';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRunner } from '../../testing/fixtures';
import { find, type, until } from '../../testing/until';
import { ApiProblem } from '../core/api/api-problem';
import { RunnersApi } from '../core/api/runners-api';
import { Toasts } from '../core/toasts';
import { RunnerMenu } from './runner-menu';

describe('RunnerMenu', () => {
  const api = { remove: vi.fn() };
  const leadsTo = vi.fn();

  beforeEach(() => {
    vi.resetAllMocks();
    api.remove.mockResolvedValue(undefined);
    TestBed.configureTestingModule({ providers: [provideRouter([]), { provide: RunnersApi, useValue: api }] });
    vi.spyOn(TestBed.inject(Router), 'navigateByUrl').mockImplementation(leadsTo.mockResolvedValue(true));
  });

  async function choose(online: boolean, item: string) {
    const fixture = TestBed.createComponent(RunnerMenu);
    fixture.componentRef.setInput('runner', aRunner({ online }));
    const page: HTMLElement = fixture.nativeElement;
    const open = await until(fixture, () => find(page, 'button'));
    open.click();
    const menu = TestBed.inject(OverlayContainer).getContainerElement();
    const choice = await until(fixture, () => find(menu, '[role=menuitem]', item));
    choice.click();
    return { fixture, page };
  }
  async function confirm(fixture: ComponentFixture<RunnerMenu>, page: HTMLElement): Promise<void> {
    await until(fixture, () => find(page, 'pz-confirm-dialog input'));
    type(page, 'pz-confirm-dialog input', 'build-1');
    await until(fixture, () => find(page, 'pz-confirm-dialog button[type=submit]:not([disabled])'));
    find(page, 'pz-confirm-dialog button[type=submit]')?.click();
  }
  const toasts = (): string[] =>
    TestBed.inject(Toasts)
      .toasts()
      .map(({ text }) => text);

  it('removes one that is away, once its name is typed', async () => {
    const { fixture, page } = await choose(false, 'Remove…');
    await until(fixture, () => find(page, 'pz-confirm-dialog button[type=submit][disabled]'));
    await confirm(fixture, page);
    await until(fixture, () => toasts().includes('Removed “build-1”'));
    expect(api.remove).toHaveBeenCalledWith('r1');
    expect(leadsTo).toHaveBeenCalledWith('/runners');
  });

  it('says why one that is there cannot be removed', async () => {
    const { fixture, page } = await choose(true, 'Remove…');
    await until(fixture, () => toasts().some((text) => text.startsWith('It is online')));
    expect(find(page, 'pz-confirm-dialog')).toBeNull();
  });

  it('says what the relay has against it, and stays', async () => {
    const detail = 'The runner still has 2 open session(s); stop them first.';
    api.remove.mockRejectedValue(new ApiProblem({ status: 409, code: 'conflict', detail }));
    const { fixture, page } = await choose(false, 'Remove…');
    await confirm(fixture, page);
    await until(fixture, () => toasts().includes(detail));
    expect(leadsTo).not.toHaveBeenCalled();
    await until(fixture, () => find(page, 'pz-confirm-dialog') === null);
  });
});
