import type { IncomingMessage } from 'node:http';

const MAX_BODY_BYTES = 16 * 1024;

/** What is at the address answered the dial, but took no tunnel. */
export class DialRefusedError extends Error {
  private constructor(
    readonly status: number,
    /** Its beginning: usually problem details. */
    readonly body: string,
  ) {
    super(`The dial was answered with ${status}.`);
    this.name = 'DialRefusedError';
  }

  static async from(response: IncomingMessage): Promise<DialRefusedError> {
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) {
      body += String(chunk);
      if (body.length > MAX_BODY_BYTES) break;
    }
    return new DialRefusedError(response.statusCode ?? 0, body.slice(0, MAX_BODY_BYTES));
  }
}
