import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRunner } from '../../../testing/fixtures';
import { provideSilentConnection } from '../../../testing/silent-connection';
import { find, type, until } from '../../../testing/until';
import { ApiProblem } from '../../core/api/api-problem';
import { AttachmentsApi } from '../../core/api/attachments-api';
import { RunnersApi } from '../../core/api/runners-api';
import { SessionsApi } from '../../core/api/sessions-api';
import { RunnersStore } from '../../runners/runners-store';
import { FreshSession } from '../fresh-session';
import { NewSessionDialog } from './new-session-dialog';

const listing = (path = '/home/ada/code') => ({
  path,
  parent: null,
  folders: [
    { name: '.git', path: `${path}/.git`, isRepository: false },
    { name: 'app', path: `${path}/app`, isRepository: true },
  ],
  truncated: false,
});

const demo = { provider: 'demo', id: 'demo', name: 'Demo (no LLM)', contextWindow: 1000, isDefault: true };
const big = { provider: 'acme', id: 'big', name: 'Big', contextWindow: 1000, isDefault: false };

describe('NewSessionDialog', () => {
  const create = vi.fn();
  const upload = vi.fn();
  const discard = vi.fn();
  const folders = vi.fn();
  const models = vi.fn();
  let runners = [aRunner()];

  beforeEach(() => {
    localStorage.clear();
    create.mockReset();
    upload.mockReset();
    folders.mockImplementation((_id: string, path?: string) => Promise.resolve(listing(path)));
    models.mockReset().mockResolvedValue({ models: [demo, big] });
    runners = [aRunner()];
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(),
        { provide: AttachmentsApi, useValue: { upload, discard } },
        {
          provide: RunnersApi,
          useValue: {
            list: () => Promise.resolve({ runners }),
            models,
            folders,
          },
        },
        {
          provide: SessionsApi,
          useValue: { create, recentFolders: () => Promise.resolve({ folders: ['/home/ada/code/recent'] }) },
        },
      ],
    });
  });

  async function open() {
    await TestBed.inject(RunnersStore).reload();
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    const fixture = TestBed.createComponent(NewSessionDialog);
    fixture.componentRef.setInput('preset', {});
    document.body.append(fixture.nativeElement);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'pz-folder-picker button', 'app'));
    return { fixture, page, navigate };
  }

  const ctrlEnter = () =>
    new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true });

  it('offers recent folders first, goes into folders, and starts with Ctrl+Enter', async () => {
    create.mockResolvedValue({ sessionId: 's9', status: 'pending' });
    const { fixture, page, navigate } = await open();
    expect(find(page, 'pz-folder-picker button')?.textContent).toContain('~/code/recent');
    find(page, 'pz-folder-picker button', 'app')?.click();
    type(page, 'textarea', 'Fix the tests');
    await fixture.whenStable();
    page.querySelector('textarea')?.dispatchEvent(ctrlEnter());
    await until(fixture, () => create.mock.calls.length > 0);
    expect(create.mock.calls[0]?.[0]).toEqual({ runnerId: 'r1', cwd: '/home/ada/code/app', prompt: 'Fix the tests' });
    await until(fixture, () => navigate.mock.calls.length > 0);
    expect(navigate).toHaveBeenCalledWith(['/s', 's9']);
  });

  it('leads into the composer of the new session, except where that would bring up a keyboard on the screen', async () => {
    create.mockResolvedValue({ sessionId: 's9', status: 'pending' });
    const startWith = async (pointer: 'fine' | 'coarse') => {
      vi.stubGlobal('matchMedia', (media: string) => ({ media, matches: media === `(pointer: ${pointer})` }));
      const { fixture, page, navigate } = await open();
      page.querySelector('textarea')?.dispatchEvent(ctrlEnter());
      await until(fixture, () => navigate.mock.calls.length > 0);
      navigate.mockRestore();
      fixture.destroy();
      return TestBed.inject(FreshSession).take('s9');
    };
    try {
      expect([await startWith('coarse'), await startWith('fine')]).toEqual([false, true]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('puts dot folders away until they are asked for', async () => {
    const { fixture, page } = await open();
    expect(find(page, 'pz-folder-picker button', '.git')).toBeNull();
    find(page, 'pz-folder-picker button', 'Show 1 hidden folder')?.click();
    await until(fixture, () => find(page, 'pz-folder-picker button', '.git'));
  });

  it('goes on in a folder with more than one page of others, also after the runner did not answer', async () => {
    const page = (name: string, nextCursor?: string) => {
      const item = { name, path: `/home/ada/code/${name}`, isRepository: false };
      return { ...listing(), folders: [item], truncated: nextCursor !== undefined, ...(nextCursor && { nextCursor }) };
    };
    const pages: Record<string, () => Promise<object>> = {
      '': () => Promise.resolve(page('app', 'second')),
      second: () => Promise.resolve(page('lib', 'third')),
      third: vi
        .fn<() => Promise<object>>()
        .mockRejectedValueOnce(new ApiProblem({ status: 503, code: 'runner_offline', detail: 'It is offline.' }))
        .mockResolvedValueOnce(page('zoo')),
    };
    folders.mockImplementation((_id: string, _path?: string, { cursor = '' } = {}) => pages[cursor]?.());
    const { fixture, page: dialog } = await open();
    expect(find(dialog, 'pz-folder-picker button', 'lib')).toBeNull();
    find(dialog, 'pz-more-items button')?.click();
    await until(fixture, () => find(dialog, 'pz-folder-picker button', 'lib'));
    find(dialog, 'pz-more-items button')?.click();
    await until(fixture, () => find(dialog, 'pz-folder-picker pz-error-state', 'It is offline.'));
    find(dialog, 'pz-folder-picker pz-error-state button')?.click();
    await until(fixture, () => find(dialog, 'pz-folder-picker button', 'zoo'));
    expect(find(dialog, 'pz-folder-picker button', 'app')).not.toBeNull();
    expect(find(dialog, 'pz-more-items')).toBeNull();
    expect(dialog.textContent).not.toContain('type the path above');
  });

  it('lists the folders anew where the relay does not know the place in the list any more', async () => {
    let kind = 'old';
    folders.mockImplementation((_id: string, _path?: string, { cursor }: { cursor?: string } = {}) => {
      if (cursor === undefined) return Promise.resolve({ ...listing(), truncated: true, nextCursor: kind });
      if (cursor !== kind)
        return Promise.reject(new ApiProblem({ status: 400, code: 'invalid_request', detail: 'No such cursor.' }));
      return Promise.resolve(listing('/zoo'));
    });
    const { fixture, page } = await open();
    kind = 'new';
    find(page, 'pz-more-items button')?.click();
    await until(fixture, () => folders.mock.calls.at(-1)?.[2]?.cursor === undefined);
    await until(fixture, () => find(page, 'pz-more-items button:not([aria-busy])'));
    find(page, 'pz-more-items button')?.click();
    await until(fixture, () => page.querySelectorAll('pz-folder-picker .repo').length === 2);
  });

  it('shows the server’s words at the field, keeps the draft, and forgets them when the field changes', async () => {
    create.mockRejectedValue(
      new ApiProblem({ status: 422, code: 'folder_missing', detail: 'There is no such folder.' }),
    );
    const { fixture, page } = await open();
    type(page, 'input.mono', '/nowhere');
    type(page, 'textarea', 'Fix the tests');
    await fixture.whenStable();
    page.querySelector('textarea')?.dispatchEvent(ctrlEnter());
    await until(fixture, () => find(page, '[role=alert]', 'There is no such folder.'));
    expect(page.querySelector('input.mono')?.getAttribute('aria-invalid')).toBe('true');
    expect(page.querySelector('textarea')?.value).toBe('Fix the tests');
    expect(localStorage.getItem('pizzapi.draft.new-session')).toContain('Fix the tests');
    type(page, 'input.mono', '/somewhere');
    await until(fixture, () => find(page, '[role=alert]', 'There is no such folder.') === null);
  });

  it('says what the runner has against a folder once it is typed, and sends nothing', async () => {
    const outside = '"/etc" is outside the runner\'s workspace roots (/home/ada/code); choose a folder within them.';
    folders.mockImplementation((_id: string, path?: string) =>
      path === '/etc'
        ? Promise.reject(new ApiProblem({ status: 422, code: 'folder_outside_roots', detail: outside }))
        : Promise.resolve(listing(path)),
    );
    create.mockResolvedValue({ sessionId: 's9', status: 'pending' });
    const { fixture, page } = await open();
    type(page, 'input.mono', '/etc');
    page.querySelector('input.mono')?.dispatchEvent(new Event('change'));
    await until(fixture, () => find(page, '[role=alert]', outside));
    type(page, 'textarea', 'Fix the tests');
    await fixture.whenStable();
    page.querySelector('textarea')?.dispatchEvent(ctrlEnter());
    await until(fixture, () => find(page, '[role=alert]', outside));
    expect(create).not.toHaveBeenCalled();
    type(page, 'input.mono', '/home/ada/code/app');
    await fixture.whenStable();
    page.querySelector('textarea')?.dispatchEvent(ctrlEnter());
    await until(fixture, () => create.mock.calls.length === 1);
  });

  it('leaves it to the relay where the runner cannot say', async () => {
    const { fixture, page } = await open();
    folders.mockRejectedValue(new ApiProblem({ status: 503, code: 'runner_offline', detail: 'It is offline.' }));
    create.mockResolvedValue({ sessionId: 's9', status: 'pending' });
    type(page, 'input.mono', '/srv');
    await fixture.whenStable();
    page.querySelector('input.mono')?.dispatchEvent(ctrlEnter());
    await until(fixture, () => create.mock.calls.length === 1);
  });

  const chosenText = (page: HTMLElement): string | undefined =>
    page.querySelector('select')?.selectedOptions[0]?.textContent.trim();

  it('asks the runner for its models again where it did not answer, and starts with what was chosen before', async () => {
    create.mockResolvedValue({ sessionId: 's9', status: 'pending' });
    const first = await open();
    await until(first.fixture, () => find(first.page, 'option', 'Big'));
    const select = first.page.querySelector('select');
    if (select) select.value = 'acme/big';
    select?.dispatchEvent(new Event('change', { bubbles: true }));
    select?.dispatchEvent(new Event('input', { bubbles: true }));
    await until(first.fixture, () => localStorage.getItem('pizzapi.draft.new-session')?.includes('acme/big'));
    first.fixture.destroy();

    const busy = 'The runner did not answer. Its machine may be busy.';
    models.mockRejectedValueOnce(new ApiProblem({ status: 503, code: 'runner_offline', detail: busy }));
    const { fixture, page } = await open();
    await until(fixture, () => find(page, '[role=alert]', busy));
    expect(chosenText(page)).toBe('Big');
    startButton(page)?.click();
    await until(fixture, () => create.mock.calls.length === 1);
    expect(create.mock.calls[0]?.[0]).toMatchObject({ model: { provider: 'acme', id: 'big' } });

    find(page, 'button', 'Ask again')?.click();
    await until(fixture, () => find(page, 'option', 'Big · acme'));
    expect(find(page, '[role=alert]', busy)).toBeNull();
    expect(find(page, 'button', 'Ask again')).toBeNull();
  });

  it('goes back to the default where what was chosen is not offered any more', async () => {
    const kept = { runnerId: 'r1', cwd: '', model: 'acme/gone', prompt: '' };
    localStorage.setItem('pizzapi.draft.new-session', JSON.stringify(kept));
    const { fixture, page } = await open();
    await until(fixture, () => find(page, 'option', 'Big'));
    await until(fixture, () => chosenText(page) === 'Demo (no LLM) (default)');
  });

  it('retries the same order with the same key, so that nothing starts twice', async () => {
    create.mockRejectedValue(new ApiProblem({ status: 0, code: 'network_failed', detail: 'No answer.' }));
    const { fixture, page } = await open();
    type(page, 'textarea', 'Once');
    await fixture.whenStable();
    page.querySelector('textarea')?.dispatchEvent(ctrlEnter());
    await until(fixture, () => find(page, 'pz-error-state button'));
    find(page, 'pz-error-state button')?.click();
    await until(fixture, () => create.mock.calls.length === 2);
    expect(create.mock.calls[1]?.[1]).toBe(create.mock.calls[0]?.[1]);
  });

  it('takes the first runner that comes while it is open', async () => {
    runners = [];
    await TestBed.inject(RunnersStore).reload();
    const fixture = TestBed.createComponent(NewSessionDialog);
    fixture.componentRef.setInput('preset', {});
    document.body.append(fixture.nativeElement);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => page.textContent.includes('Connect one first'));
    runners = [aRunner()];
    await TestBed.inject(RunnersStore).reload();
    const start = await until(fixture, () => page.querySelector<HTMLButtonElement>('button[type=submit]'));
    expect(start.disabled).toBe(false);
  });

  it('says that the session will wait when the runner is away', async () => {
    runners = [aRunner({ online: false, name: 'ada-mbp' })];
    await TestBed.inject(RunnersStore).reload();
    const fixture = TestBed.createComponent(NewSessionDialog);
    fixture.componentRef.setInput('preset', {});
    const notice = await until(fixture, () => find(fixture.nativeElement, '.wait'));
    expect(notice.textContent).toContain('ada-mbp is away. The session will wait for it');
  });

  const picture = { attachmentId: 'att_1', name: 'red.png', mediaType: 'image/png', size: 4, isImage: false };

  /** As a paste or a drop brings it. */
  function give(page: HTMLElement, kind: 'paste' | 'drop', file: File): void {
    const event = new Event(kind, { bubbles: true, cancelable: true });
    const brought = { files: [file], types: ['Files'] };
    Object.assign(event, kind === 'paste' ? { clipboardData: brought } : { dataTransfer: brought });
    page.querySelector('textarea')?.dispatchEvent(event);
  }
  const startButton = (page: HTMLElement) => page.querySelector<HTMLButtonElement>('button[type=submit]');

  it('takes files for the prompt, and starts once they are there', async () => {
    const uploaded = Promise.withResolvers<typeof picture>();
    upload.mockReturnValueOnce(uploaded.promise).mockResolvedValueOnce({ ...picture, attachmentId: 'att_2' });
    create.mockResolvedValue({ sessionId: 's9', status: 'pending' });
    const { fixture, page } = await open();
    const shown = vi.spyOn(Element.prototype, 'scrollIntoView');
    give(page, 'paste', new File(['x'], 'red.png'));
    give(page, 'drop', new File(['x'], 'notes.txt'));
    await until(fixture, () => page.querySelectorAll('pz-file-chips li').length === 2);
    expect(shown.mock.contexts.at(-1)).toBe(page.querySelector('pz-file-chips'));
    shown.mockRestore();
    expect(upload.mock.calls.map((call: unknown[]) => call[0])).toEqual([null, null]);
    expect(startButton(page)?.disabled).toBe(true);
    uploaded.resolve(picture);
    await until(fixture, () => startButton(page)?.disabled === false);
    startButton(page)?.click();
    await until(fixture, () => create.mock.calls.length > 0);
    expect(create.mock.calls[0]?.[0]).toMatchObject({ attachments: ['att_1', 'att_2'] });
    expect(localStorage.getItem('pizzapi.draft-files.new-session')).toBeNull();
  });

  it('names a file that the relay does not have any more, and offers to choose it again', async () => {
    localStorage.setItem('pizzapi.draft-files.new-session', JSON.stringify([picture]));
    create.mockRejectedValue(new ApiProblem({ status: 422, code: 'attachment_unknown', detail: 'No att_1.' }));
    const { fixture, page } = await open();
    startButton(page)?.click();
    await until(fixture, () => find(page, '[role=alert]', 'The relay does not have red.png any more'));
    expect(page.querySelector('button[aria-label="Choose red.png again"]')).not.toBeNull();
    expect(startButton(page)?.disabled).toBe(true);
    page.querySelector<HTMLButtonElement>('button[aria-label="Remove red.png"]')?.click();
    await until(fixture, () => startButton(page)?.disabled === false);
  });
});
