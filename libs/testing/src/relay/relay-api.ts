import { checkedHeaders } from './checked-headers.js';

/** An answer of the relay's REST API. */
export interface ApiAnswer<T = unknown> {
  status: number;
  body: T;
  headers: Headers;
}

export interface ApiRequest {
  body?: unknown;
  headers?: Record<string, string>;
  /** Gives up on the answer. */
  signal?: AbortSignal;
}

/** Speaks REST with a relay as a script does: with a key. */
export class RelayApi {
  /** @throws TypeError for a key that is none: the answer it is from was a refusal */
  constructor(
    readonly baseUrl: string,
    readonly apiKey: string | null = null,
  ) {
    if (apiKey !== null) checkedHeaders({ 'x-api-key': apiKey });
  }

  /** Registers an account and returns an API that uses its first key. */
  async register(email: string, extra: Record<string, unknown> = {}): Promise<RelayApi & { readonly userId: string }> {
    const password = `correct horse ${email}`;
    const answer = await this.send<{ apiKey: string; user: { id: string } }>('POST', '/api/register', {
      body: { name: email.split('@')[0], email, password, ...extra },
    });
    if (answer.status !== 201)
      throw new Error(`Registration was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return Object.assign(new RelayApi(this.baseUrl, answer.body.apiKey), { userId: answer.body.user.id });
  }

  get<T>(path: string): Promise<ApiAnswer<T>> {
    return this.send('GET', path);
  }

  post<T>(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<ApiAnswer<T>> {
    return this.send('POST', path, { body, headers });
  }

  delete<T>(path: string): Promise<ApiAnswer<T>> {
    return this.send('DELETE', path);
  }

  /** Sends a form with one file in its field `file`. */
  async upload<T>(
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
    { name, type = '', headers = {} }: { name: string; type?: string; headers?: Record<string, string> },
  ): Promise<ApiAnswer<T>> {
    const form = new FormData();
    form.append('file', new File([bytes], name, { type }));
    const key = this.apiKey === null ? {} : { 'x-api-key': this.apiKey };
    const response = await fetch(this.baseUrl + path, { method: 'POST', headers: { ...key, ...headers }, body: form });
    return read(response);
  }

  /** An answer that is no JSON, as it is. */
  raw(path: string, headers: Record<string, string> = {}, init: RequestInit = {}): Promise<Response> {
    const key = this.apiKey === null ? {} : { 'x-api-key': this.apiKey };
    return fetch(this.baseUrl + path, { ...init, headers: { ...key, ...headers } });
  }

  /**
   * The caller says what shape it expects: this is a test's view of the wire, and its assertions check it.
   * @throws Error for a 500, which no test expects and which would come to light much later
   */
  async send<T>(method: string, path: string, { body, headers = {}, signal }: ApiRequest = {}): Promise<ApiAnswer<T>> {
    const response = await fetch(this.baseUrl + path, {
      method,
      ...(signal === undefined ? {} : { signal }),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.apiKey === null ? {} : { 'x-api-key': this.apiKey }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return read(response);
  }
}

async function read<T>(response: Response): Promise<ApiAnswer<T>> {
  const text = await response.text();
  if (response.status === 500) throw new Error(`${response.url} was answered 500: ${text}`);
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
