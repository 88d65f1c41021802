import { provideRouter } from '@angular/router';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { SessionEventData } from '@pizzapi/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { find, until } from '../../../../testing/until';
import { applyEvents } from '../conversation/apply-event';
import { call, EventScript } from '../conversation/conversation-fixtures';
import { emptyConversation } from '../conversation/conversation';
import { toRows } from '../conversation/rows';
import { OpenedSession } from '../opened-session';
import { ToolDetail } from './tool-detail';

const WHOLE = 'The oven is hot: 230 °C.';
const BYTES = new TextEncoder().encode(WHOLE);

/** The relay's answer, which comes as far as a test lets it. */
class FakeDownload {
  readonly asked: string[] = [];
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;

  readonly fetch = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    this.asked.push(url instanceof Request ? url.url : url.toString());
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.#body = controller) });
    init?.signal?.addEventListener('abort', () => this.#body?.error(new DOMException('Gone.', 'AbortError')));
    const headers = { 'content-disposition': 'attachment; filename="bash-t1.txt"' };
    return Promise.resolve(new Response(body, { headers }));
  };
  push(bytes: Uint8Array): void {
    this.#body?.enqueue(bytes);
  }
  end(): void {
    this.#body?.close();
  }
  breakOff(): void {
    this.#body?.error(new TypeError('network error'));
  }
}

describe('the output of a tool', () => {
  let download: FakeDownload;
  let saved: { name: string; content: Blob }[];

  beforeEach(() => {
    download = new FakeDownload();
    saved = [];
    let content = new Blob();
    vi.spyOn(globalThis, 'fetch').mockImplementation(download.fetch);
    URL.createObjectURL = vi.fn((blob: Blob) => ((content = blob), 'blob:output'));
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push({ name: this.download, content });
    });
    const store = (): { sessionId: string } => ({ sessionId: 's1' });
    TestBed.configureTestingModule({
      providers: [provideRouter([]), { provide: OpenedSession, useValue: { store } }],
    });
  });
  afterEach(() => vi.restoreAllMocks());

  function detail(said: Partial<SessionEventData<'entry.appended'>> = {}): ComponentFixture<ToolDetail> {
    const content = {
      role: 'toolResult',
      toolCallId: 't1',
      toolName: 'bash',
      content: [{ type: 'text', text: 'The' }],
    };
    const script = new EventScript().assistant('a1', [call('t1', 'bash', { command: 'cat oven.log' })]);
    const ts = '2026-11-20T10:00:00.000Z';
    script.add('entry.appended', { entryId: 'e1', kind: 'tool', ts, content, ...said });
    const row = toRows(applyEvents(emptyConversation(), script.events)).find((it) => it.kind === 'tools');
    const fixture = TestBed.createComponent(ToolDetail);
    fixture.componentRef.setInput('call', row?.kind === 'tools' ? row.calls[0] : undefined);
    fixture.detectChanges();
    return fixture;
  }
  function host(fixture: ComponentFixture<ToolDetail>): HTMLElement {
    const element: HTMLElement = fixture.nativeElement;
    return element;
  }
  const click = (fixture: ComponentFixture<ToolDetail>, text: string): void =>
    find(host(fixture), 'button', text)?.click();
  const says = (fixture: ComponentFixture<ToolDetail>, text: string): Promise<unknown> =>
    until(fixture, () => find(host(fixture), '[role=status]', text));

  it('offers nothing more where it is all there', () => {
    const fixture = detail();
    expect(host(fixture).querySelector('pz-tool-output')?.textContent).toBe('The');
    expect(host(fixture).querySelector('button')).toBeNull();
  });

  it('is saved whole where it was cut, and shows how far that is', async () => {
    const fixture = detail({ outputBytes: BYTES.length });
    click(fixture, 'Download all of it (25 B)');
    await says(fixture, 'Downloading…');
    expect(download.asked).toEqual(['/api/sessions/s1/transcript/e1/output']);
    download.push(BYTES.slice(0, 13));
    await until(fixture, () => find(host(fixture), 'span', '52 %'));
    // Once more by keyboard: that is under way already.
    click(fixture, 'Download all of it');
    download.push(BYTES.slice(13));
    download.end();
    await says(fixture, 'Downloaded.');
    expect(download.asked).toHaveLength(1);
    expect(saved.map(({ name, content }) => [name, content.size])).toEqual([['bash-t1.txt', BYTES.length]]);
  });

  it('says why it was not saved, and is asked for again', async () => {
    vi.mocked(fetch).mockResolvedValueOnce(
      new Response(JSON.stringify({ code: 'session_ended', detail: 'The session is ended; resume it first.' }), {
        status: 409,
      }),
    );
    const fixture = detail({ outputBytes: BYTES.length });
    click(fixture, 'Download all of it');
    await says(fixture, 'Not downloaded. The session is ended; resume it first.');
    click(fixture, 'Download all of it');
    await says(fixture, 'Downloading…');
    download.push(BYTES.slice(0, 13));
    download.breakOff();
    await says(fixture, 'Not downloaded. The download broke off.');
    expect(saved).toEqual([]);
  });

  it('keeps the focus when it ends, and “Cancel” with it', async () => {
    const fixture = detail({ outputBytes: BYTES.length });
    click(fixture, 'Download all of it');
    const cancel = await until(fixture, () => find(host(fixture), 'button', 'Cancel'));
    document.body.append(host(fixture));
    cancel.focus();
    download.push(BYTES);
    download.end();
    await says(fixture, 'Downloaded.');
    expect(document.activeElement).toBe(find(host(fixture), 'button', 'Download all of it'));
  });

  it('is given up', async () => {
    const fixture = detail({ outputBytes: BYTES.length });
    click(fixture, 'Download all of it');
    const cancel = await until(fixture, () => find(host(fixture), 'button', 'Cancel'));
    document.body.append(host(fixture));
    cancel.focus();
    cancel.click();
    await until(fixture, () => !find(host(fixture), 'button', 'Cancel'));
    expect(host(fixture).querySelector('[role=status]')?.textContent).toBe('Only the beginning is shown.');
    // The button that had the focus is gone.
    expect(document.activeElement).toBe(find(host(fixture), 'button', 'Download all of it'));
    expect(saved).toEqual([]);
  });
});
