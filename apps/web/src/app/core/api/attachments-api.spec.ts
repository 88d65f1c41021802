import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AttachmentsApi } from './attachments-api';

const SENT = { attachmentId: 'att_1', name: 'a.txt', mediaType: 'text/plain', size: 3, isImage: false };

class FakeXhr {
  static last: FakeXhr;
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void; onload?: () => void } = {};
  onload?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  status = 0;
  responseText = '';
  readonly open = vi.fn();
  readonly setRequestHeader = vi.fn();
  readonly getResponseHeader = (): null => null;
  readonly send = vi.fn();
  readonly abort = vi.fn(() => {
    this.onabort?.();
    this.onloadend?.();
  });

  constructor() {
    FakeXhr.last = this;
  }

  answer(status: number, body: object): void {
    Object.assign(this, { status, responseText: JSON.stringify(body) });
    this.onload?.();
    this.onloadend?.();
  }
}

describe('an upload', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('XMLHttpRequest', FakeXhr);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const begin = (): { settled: Promise<unknown>; xhr: FakeXhr } => {
    const { signal } = new AbortController();
    const upload = TestBed.inject(AttachmentsApi).upload('s1', new File(['abc'], 'a.txt'), 'k', vi.fn(), signal);
    return { settled: upload.catch((error: unknown) => error), xhr: FakeXhr.last };
  };

  it('that gets no further is given up, with what to do', async () => {
    const { settled, xhr } = begin();
    vi.advanceTimersByTime(89_000);
    xhr.upload.onprogress?.({ loaded: 1, total: 3 });
    vi.advanceTimersByTime(89_000);
    expect(xhr.abort).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(xhr.abort).toHaveBeenCalledOnce();
    expect(await settled).toMatchObject({ code: 'upload_stalled', message: expect.stringContaining('try again') });
  });

  it('that is through waits for the relay as long as that takes', async () => {
    const { settled, xhr } = begin();
    xhr.upload.onload?.();
    vi.advanceTimersByTime(600_000);
    expect(xhr.abort).not.toHaveBeenCalled();
    xhr.answer(201, SENT);
    expect(await settled).toEqual(SENT);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that the relay gives up says what the relay says', async () => {
    const { settled, xhr } = begin();
    xhr.answer(408, { code: 'upload_stalled', detail: 'The upload got no further for 60 seconds.' });
    expect(await settled).toMatchObject({ status: 408, message: 'The upload got no further for 60 seconds.' });
    expect(vi.getTimerCount()).toBe(0);
  });
});
