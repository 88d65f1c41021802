import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Problem } from '../problem.js';
import { boundBody } from './body-deadline.js';
import { answerProblem } from './raw-answers.js';

const KIB = 1024;

class FakeRequest extends EventEmitter {
  readonly socket = { bytesRead: 500 };
  complete = false;

  constructor(readonly headers: Record<string, string>) {
    super();
  }
}

describe('a body', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const givenUp = vi.fn<(problem: Problem) => void>();
  const begin = (contentType: string): FakeRequest => {
    givenUp.mockReset();
    const request = new FakeRequest({ 'content-length': '9', 'content-type': contentType });
    boundBody(request, 1_000, givenUp);
    return request;
  };
  const upload = (): FakeRequest => begin('multipart/form-data; boundary=x');

  it('of an upload may take as long as it likes, as long as it moves', () => {
    const request = upload();
    for (let second = 0; second < 1_000; second++) {
      request.socket.bytesRead += 20 * KIB;
      vi.advanceTimersByTime(1_000);
    }
    expect(givenUp).not.toHaveBeenCalled();
  });

  it.each([0, 1, 15 * KIB])('of an upload that gets %i bytes further in its idle time is given up', (bytes) => {
    const request = upload();
    request.socket.bytesRead += 20 * KIB;
    vi.advanceTimersByTime(1_000);
    request.socket.bytesRead += bytes;
    vi.advanceTimersByTime(1_000);
    const named = { status: 408, code: 'upload_stalled', detail: expect.stringContaining('for 1 seconds') };
    expect(givenUp.mock.calls).toEqual([[named]]);
  });

  it('of anything else has to be there in time', () => {
    const request = begin('application/json');
    request.socket.bytesRead += 100 * KIB;
    vi.advanceTimersByTime(299_999);
    expect(givenUp).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(givenUp.mock.calls).toEqual([[expect.objectContaining({ status: 408, code: 'body_late' })]]);
  });

  it('that is there is not waited for', () => {
    const request = upload();
    request.complete = true;
    vi.advanceTimersByTime(5_000);
    expect(givenUp).not.toHaveBeenCalled();
    request.emit('close');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an upload that stands still', () => {
  it('is told so before its connection ends', async () => {
    const server = createServer((request, response) => {
      request.resume();
      boundBody(request, 20, (problem) => answerProblem(request, response, problem));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    const socket = connect(address.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => (answer += String(text)));
    const head = 'host: x\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 100000\r\n';
    socket.write(`POST / HTTP/1.1\r\n${head}\r\n--x\r\n`);
    await once(socket, 'close');
    server.close();
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n.*connection: close.*"code":"upload_stalled"/is);
  });
});
