import type { ApiAnswer } from '../../../libs/testing/src/relay/index.js';

/** Speaks REST as a browser does: with a cookie and an `Origin`. */
export class TestBrowser {
  cookie: string | null = null;

  constructor(
    private readonly baseUrl: string,
    /** Of the console: the relay's public address. */
    private readonly origin: string,
  ) {}

  get<T>(path: string): Promise<ApiAnswer<T>> {
    return this.send('GET', path);
  }

  post<T>(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<ApiAnswer<T>> {
    return this.send('POST', path, body, headers);
  }

  /** The caller says what shape it expects; its assertions check it. */
  async send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<T>> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { origin: this.origin }),
        ...(this.cookie === null ? {} : { cookie: this.cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.split(';')[0] ?? null;
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  }
}
