import { TestBed, type ComponentFixture } from '@angular/core/testing';
import type { Attachment } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import type { UploadFile } from '../../../core/api/attachments-api';
import type { Message } from '../conversation/outbox';
import { Composer } from './composer';

interface Upload {
  name: string;
  key: string;
  progress: (share: number) => void;
  signal: AbortSignal;
  done: (attachment: Attachment) => void;
  fail: (error: unknown) => void;
}

const attachmentOf = (name: string, isImage = false): Attachment => ({
  attachmentId: `att_${name}`,
  name,
  mediaType: isImage ? 'image/png' : 'text/plain',
  size: 1234,
  isImage,
});

describe('files in the composer', () => {
  let fixture: ComponentFixture<Composer>;
  let page: HTMLElement;
  let uploads: Upload[];
  let sent: Message[];
  let discarded: Attachment[];

  const upload: UploadFile = ({ name }, key, progress, signal) =>
    new Promise((done, fail) => uploads.push({ name, key, progress, signal, done, fail }));

  async function open(sessionId: string): Promise<void> {
    fixture = TestBed.createComponent(Composer);
    fixture.componentRef.setInput('sessionId', sessionId);
    fixture.componentRef.setInput('isWorking', false);
    fixture.componentRef.setInput('upload', upload);
    fixture.componentInstance.sent.subscribe((message) => sent.push(message));
    fixture.componentInstance.discarded.subscribe((attachment) => discarded.push(attachment));
    page = fixture.nativeElement;
    await fixture.whenStable();
  }

  beforeEach(async () => {
    localStorage.clear();
    URL.createObjectURL = vi.fn(() => 'blob:preview');
    URL.revokeObjectURL = vi.fn();
    [uploads, sent, discarded] = [[], [], []];
    await open('s1');
  });

  async function paste(files: File[], types: string[] = ['Files']): Promise<Event> {
    const event = new Event('paste', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { files, types } });
    page.querySelector('textarea')?.dispatchEvent(event);
    await fixture.whenStable();
    return event;
  }
  /** As the page does with what is dropped on it. */
  async function attach(...files: File[]): Promise<void> {
    fixture.componentInstance.attach(files);
    await fixture.whenStable();
  }
  async function settle(act: () => void): Promise<void> {
    act();
    await Promise.resolve();
    await fixture.whenStable();
  }
  const button = (label: string): HTMLButtonElement | null => page.querySelector(`button[aria-label="${label}"]`);
  const sendButton = (): HTMLButtonElement | undefined =>
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes('Send'));
  const at = (index: number): Upload => {
    const found = uploads[index];
    if (!found) throw new Error('Nothing is uploaded.');
    return found;
  };

  it('are uploaded at once, and go with the message when all are there', async () => {
    await paste([new File(['x'], 'red.png', { type: 'image/png' })]);
    await attach(new File(['x'], 'notes.txt', { type: 'text/plain' }));
    expect(uploads.map(({ name }) => name)).toEqual(['red.png', 'notes.txt']);
    expect(page.querySelector('pz-file-chips img')?.getAttribute('src')).toBe('blob:preview');
    await settle(() => page.querySelector('pz-file-chips img')?.dispatchEvent(new Event('error')));
    expect(page.querySelector('pz-file-chips img'), 'one that is no image').toBeNull();
    expect(page.querySelectorAll('pz-file-chips .icon')).toHaveLength(2);
    await settle(() => at(0).progress(0.5));
    expect(page.querySelector('progress')?.value).toBe(0.5);
    expect(sendButton()?.disabled).toBe(true);
    await settle(() => at(0).done(attachmentOf('red.png', true)));
    expect(sendButton()?.disabled).toBe(true);
    await settle(() => at(1).done(attachmentOf('notes.txt')));
    expect(page.textContent).toContain('1 B');
    sendButton()?.click();
    await fixture.whenStable();
    expect(sent).toEqual([
      { text: '', deliverAs: 'prompt', attachments: [attachmentOf('red.png', true), attachmentOf('notes.txt')] },
    ]);
    expect(page.querySelector('pz-file-chips')).toBeNull();
  });

  it('say what went wrong, and are tried again under the same key', async () => {
    await attach(new File(['x'], 'big.bin'));
    const detail = 'The file is larger than 30 MiB.';
    await settle(() => at(0).fail(new ApiProblem({ status: 413, code: 'attachment_too_large', detail })));
    expect(page.querySelector('.problem')?.textContent).toBe(detail);
    expect(page.querySelector('[aria-live]')?.textContent).toContain(`big.bin was not uploaded. ${detail}`);
    expect(sendButton()?.disabled).toBe(true);
    button('Upload big.bin again')?.click();
    await fixture.whenStable();
    expect(at(1).key).toBe(at(0).key);
    await settle(() => at(1).done(attachmentOf('big.bin')));
    expect(sendButton()?.disabled).toBe(false);
  });

  it('can be taken off: what runs is stopped, what is there is discarded', async () => {
    await attach(new File(['x'], 'one.txt'), new File(['x'], 'two.txt'));
    await settle(() => at(0).done(attachmentOf('one.txt')));
    button('Remove two.txt')?.click();
    button('Remove one.txt')?.click();
    await fixture.whenStable();
    expect(at(1).signal.aborted).toBe(true);
    expect(discarded).toEqual([attachmentOf('one.txt')]);
    expect(page.querySelector('pz-file-chips')).toBeNull();
  });

  it('leave a copied text a text', async () => {
    const event = await paste([new File(['x'], 'cells.png')], ['text/plain', 'text/html', 'Files']);
    expect(event.defaultPrevented).toBe(false);
    expect(uploads).toEqual([]);
  });

  it('that are uploaded are still there after a reload, with their session alone', async () => {
    await attach(new File(['x'], 'kept.txt'));
    await settle(() => at(0).done(attachmentOf('kept.txt')));
    await open('s2');
    expect(page.querySelector('pz-file-chips')).toBeNull();
    await open('s1');
    expect(page.querySelector('pz-file-chips .name')?.textContent).toBe('kept.txt');
  });

  it('are uploaded three at a time, in their order', async () => {
    await attach(...['a', 'b', 'c', 'd', 'e'].map((name) => new File(['x'], name)));
    expect(uploads.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    button('Remove d')?.click();
    await settle(() => at(1).done(attachmentOf('b')));
    await vi.waitFor(() => expect(uploads.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'e']));
  });

  it('that the relay does not have any more are chosen again, or removed', async () => {
    const [gone, kept] = [attachmentOf('gone.txt'), attachmentOf('kept.txt')];
    fixture.componentInstance.restore({ text: 'Look', attachments: [gone, kept] }, [gone.attachmentId]);
    await fixture.whenStable();
    expect(page.querySelector('.problem')?.textContent).toContain('does not have this file any more');
    expect(button('Upload gone.txt again')).toBeNull();
    expect(sendButton()?.disabled).toBe(true);
    const chooser = page.querySelector<HTMLInputElement>('li input[type=file]');
    if (!chooser) throw new Error('Nothing chooses it again.');
    const again = new File(['x'], 'again.txt');
    Object.defineProperty(chooser, 'files', { value: { item: () => again } });
    chooser.dispatchEvent(new Event('change'));
    await settle(() => at(0).done(attachmentOf('again.txt')));
    expect([...page.querySelectorAll('.name')].map(({ textContent }) => textContent)).toEqual([
      'again.txt',
      'kept.txt',
    ]);
    expect(sendButton()?.disabled).toBe(false);
  });

  it('are not taken by a command that leaves no message, which says so', async () => {
    fixture.componentRef.setInput('commands', [
      { name: 'compact', description: 'Make room', kind: 'action' },
      { name: 'review', description: 'Review it', kind: 'prompt' },
    ]);
    await attach(new File(['x'], 'notes.txt'));
    await settle(() => at(0).done(attachmentOf('notes.txt')));
    type(page, 'textarea', '/compact keep it');
    await fixture.whenStable();
    expect(page.querySelector('.fileless')?.textContent).toContain('/compact takes no files');
    expect(sendButton()?.disabled).toBe(true);
    type(page, 'textarea', '/review it');
    await fixture.whenStable();
    expect([page.querySelector('.fileless'), sendButton()?.disabled]).toEqual([null, false]);
  });
});
