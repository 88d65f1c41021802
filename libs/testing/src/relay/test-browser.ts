import { type ApiAnswer, type ApiRequest, RelayApi } from './relay-api.js';

/** Speaks REST as a browser does: with the cookie that it was given and an `Origin`. */
export class TestBrowser extends RelayApi {
  cookie: string | null = null;

  /** @param origin of the page: the console's is the relay's public address */
  constructor(
    baseUrl: string,
    private readonly origin: string,
  ) {
    super(baseUrl);
  }

  override async send<T>(method: string, path: string, { body, headers = {} }: ApiRequest = {}): Promise<ApiAnswer<T>> {
    const answer = await super.send<T>(method, path, {
      body,
      headers: {
        ...(method === 'GET' ? {} : { origin: this.origin }),
        ...(this.cookie === null ? {} : { cookie: this.cookie }),
        ...headers,
      },
    });
    const [set] = answer.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.split(';')[0] ?? null;
    return answer;
  }
}
