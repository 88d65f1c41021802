import { TestBed, type ComponentFixture } from '@angular/core/testing';
import type { FoundFile, FoundFiles } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { find, until } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import { Composer } from './composer';
import type { FindFiles } from './file-completion';

const FILES: FoundFile[] = [
  { path: 'src', isFolder: true },
  { path: 'README.md', isFolder: false },
  { path: 'src/main.ts', isFolder: false },
  { path: 'src/map.ts', isFolder: false },
  { path: 'my notes/to do.md', isFolder: false },
];

describe('a file in a message', () => {
  let fixture: ComponentFixture<Composer>;
  let page: HTMLElement;
  let field: HTMLTextAreaElement;
  let sent: string[];
  const ask = vi.fn<FindFiles>();

  beforeEach(async () => {
    localStorage.clear();
    ask.mockReset().mockImplementation((query) => Promise.resolve(answerTo(query)));
    fixture = TestBed.createComponent(Composer);
    fixture.componentRef.setInput('sessionId', 's1');
    fixture.componentRef.setInput('isWorking', false);
    fixture.componentRef.setInput('findFiles', ask);
    sent = [];
    fixture.componentInstance.sent.subscribe(({ text }) => sent.push(text));
    page = fixture.nativeElement;
    document.body.append(page);
    await fixture.whenStable();
    const found = page.querySelector('textarea');
    if (!found) throw new Error('There is no field.');
    field = found;
  });

  const answerTo = (query: string): FoundFiles => ({
    files: FILES.filter(({ path }) => path.includes(query)),
    truncated: false,
  });
  async function type(text: string, caret = text.length): Promise<void> {
    field.focus();
    field.value = text;
    field.setSelectionRange(caret, caret);
    field.dispatchEvent(new Event('input'));
    await fixture.whenStable();
  }
  async function press(key: string): Promise<KeyboardEvent> {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    field.dispatchEvent(event);
    await fixture.whenStable();
    return event;
  }
  const pathIn = (option: Element): string => {
    const [name, place] = ['.name', '.what'].map((part) => option.querySelector(part)?.textContent.trim() ?? '');
    return place ? `${place}/${name}` : `${name}`;
  };
  const options = (): string[] => [...page.querySelectorAll('pz-file-menu .option')].map(pathIn);
  const active = (): string | undefined => {
    const option = page.querySelector(`#${field.getAttribute('aria-activedescendant') ?? 'none'}`);
    return option ? pathIn(option) : undefined;
  };
  const shown = (paths: string[]): Promise<unknown> =>
    until(fixture, () => JSON.stringify(options()) === JSON.stringify(paths));

  it('is found by what is typed behind an @, chosen by keyboard, and written into the message', async () => {
    await type('Look at @ma');
    await shown(['src/main.ts', 'src/map.ts']);
    expect(page.querySelector('[role=listbox]')?.id).toBe(field.getAttribute('aria-controls'));
    await until(fixture, () => find(page, '[aria-live]', '2 files match'));
    expect(active()).toBe('src/main.ts');
    await press('ArrowDown');
    expect(active()).toBe('src/map.ts');
    await press('ArrowDown');
    await press('ArrowUp');
    await press('Enter');
    expect([field.value, field.selectionStart, options()]).toEqual(['Look at @src/map.ts ', 20, []]);
    await press('Enter');
    expect(sent).toEqual(['Look at @src/map.ts']);
  });

  it('is reached through its folder, with the caret where typing goes on', async () => {
    await type('Say @sr now', 7);
    await shown(['src/', 'src/main.ts', 'src/map.ts']);
    await press('Tab');
    expect([field.value, field.selectionStart]).toEqual(['Say @src/ now', 9]);
    await until(fixture, () => ask.mock.lastCall?.[0] === 'src/');
    await shown(['src/main.ts', 'src/map.ts']);
    find(page, 'pz-file-menu .option', 'map.ts')?.click();
    await fixture.whenStable();
    expect([field.value, field.selectionStart]).toEqual(['Say @src/map.ts now', 16]);
  });

  it('is in quotes where its name has spaces', async () => {
    await type('@to');
    await until(fixture, () => options().includes('my notes/to do.md'));
    await press('Enter');
    expect(field.value).toBe('@"my notes/to do.md" ');
  });

  it('is narrowed at once by what is typed while the relay is asked, so that Enter takes what is seen', async () => {
    await type('@');
    await shown(['src/', 'README.md', 'src/main.ts', 'src/map.ts', 'my notes/to do.md']);
    const { promise, resolve } = Promise.withResolvers<FoundFiles>();
    ask.mockReturnValue(promise);
    const typed = type('@map');
    fixture.detectChanges();
    expect(options()).toEqual(['src/map.ts']);
    const pressed = press('Enter');
    expect(field.value).toBe('@src/map.ts ');
    resolve(answerTo('map'));
    await Promise.all([typed, pressed]);
  });

  it('is no matter for Enter where none fits: an @ may be meant as it is', async () => {
    await type('Ask @bob');
    await until(fixture, () => find(page, '.none', 'No files match'));
    await press('Enter');
    expect(sent).toEqual(['Ask @bob']);
  });

  it('is not asked for again behind an @ whose list was closed', async () => {
    let isHeard = false;
    page.addEventListener('keydown', () => (isHeard = true));
    await type('@ma');
    await until(fixture, () => options().length > 0);
    isHeard = false;
    await press('Escape');
    expect([options(), isHeard]).toEqual([[], false]);
    await type('@mai');
    expect(page.querySelector('pz-file-menu')).toBeNull();
    await type('@mai @re');
    await until(fixture, () => page.querySelector('pz-file-menu'));
  });

  it('says why there is no list, and sends the message all the same', async () => {
    ask.mockRejectedValue(new ApiProblem({ status: 409, code: 'session_disconnected', detail: 'It is away.' }));
    await type('@ma');
    await until(fixture, () => find(page, '.none', 'Files can’t be listed: It is away.'));
    await press('Enter');
    expect(sent).toEqual(['@ma']);
  });
});
