import type { ServerHttp2Stream } from 'node:http2';

/** Passes a service's `100 Continue` on, unless whoever waited for it has left. */
export function sayContinue(stream: ServerHttp2Stream): void {
  if (!stream.destroyed && !stream.closed && !stream.headersSent) stream.additionalHeaders({ ':status': 100 });
}
