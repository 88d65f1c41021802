import { Service, inject } from '@angular/core';
import { ApiProblem, jsonOf, networkProblem } from './api-problem';
import { RelayClient } from './relay-client';

export interface OutputFile {
  readonly name: string;
  readonly content: Blob;
}

/** What tools put out, where the conversation shows only its beginning. */
@Service()
export class ToolOutputsApi {
  private readonly relay = inject(RelayClient);

  /**
   * The whole output of a finished tool call. `progress` is told how many bytes have come; only `fetch` itself tells that.
   * @throws ApiProblem; an AbortError when it was given up
   */
  async read(
    sessionId: string,
    entryId: string,
    progress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<OutputFile> {
    const path = `/api/sessions/${encodeURIComponent(sessionId)}/transcript/${encodeURIComponent(entryId)}/output`;
    const headers = { accept: 'text/plain, application/problem+json', 'ngsw-bypass': 'true' };
    const response = await whileOnline(fetch(path, { headers, signal }), networkProblem);
    if (!response.ok) throw this.relay.refused(response, jsonOf(await whileOnline(response.text(), brokenOff)));
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    const reader = response.body?.getReader();
    for (;;) {
      const read = await (reader && whileOnline(reader.read(), brokenOff));
      if (read === undefined || read.done) break;
      chunks.push(read.value);
      progress((bytes += read.value.length));
    }
    return { name: nameOf(response, entryId), content: new Blob(chunks, { type: 'text/plain;charset=utf-8' }) };
  }
}

/** What `fetch` throws but for an abort says nothing that a person could use. */
async function whileOnline<T>(step: Promise<T>, problem: () => ApiProblem): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw error instanceof DOMException && error.name === 'AbortError' ? error : problem();
  }
}

function brokenOff(): ApiProblem {
  return new ApiProblem({
    status: 0,
    code: 'network_failed',
    detail: 'The download broke off. Check that the session’s runner and this device are connected, then try again.',
  });
}

function nameOf(response: Response, entryId: string): string {
  const said = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '');
  return said?.[1] ?? `output-${entryId}.txt`;
}
