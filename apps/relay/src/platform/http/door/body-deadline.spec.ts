import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boundBody } from './body-deadline.js';

const KIB = 1024;

class FakeRequest extends EventEmitter {
  readonly socket = { bytesRead: 500 };
  complete = false;
  readonly destroy = vi.fn(() => this);

  constructor(readonly headers: Record<string, string>) {
    super();
  }
}

describe('a body', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const upload = (): FakeRequest => {
    const request = new FakeRequest({ 'content-length': '9', 'content-type': 'multipart/form-data; boundary=x' });
    boundBody(request, 1_000);
    return request;
  };

  it('of an upload may take as long as it likes, as long as it moves', () => {
    const request = upload();
    for (let second = 0; second < 1_000; second++) {
      request.socket.bytesRead += 20 * KIB;
      vi.advanceTimersByTime(1_000);
    }
    expect(request.destroy).not.toHaveBeenCalled();
  });

  it.each([0, 1, 15 * KIB])('of an upload that gets %i bytes further in its idle time is given up', (bytes) => {
    const request = upload();
    request.socket.bytesRead += 20 * KIB;
    vi.advanceTimersByTime(1_000);
    request.socket.bytesRead += bytes;
    vi.advanceTimersByTime(1_000);
    expect(request.destroy).toHaveBeenCalledOnce();
  });

  it('of anything else has to be there in time', () => {
    const request = new FakeRequest({ 'content-length': '9', 'content-type': 'application/json' });
    boundBody(request, 1_000);
    request.socket.bytesRead += 100 * KIB;
    vi.advanceTimersByTime(299_999);
    expect(request.destroy).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(request.destroy).toHaveBeenCalledOnce();
  });

  it('that is there is not waited for', () => {
    const request = upload();
    request.complete = true;
    vi.advanceTimersByTime(5_000);
    expect(request.destroy).not.toHaveBeenCalled();
    request.emit('close');
    expect(vi.getTimerCount()).toBe(0);
  });
});
