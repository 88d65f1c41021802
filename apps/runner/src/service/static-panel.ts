import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import type { OpenServer, SpareServers } from './spare-servers.js';

/** Files and folders that begin with a dot, in any spelling. */
const HIDDEN = /\/(\.|%2e)/i;

/** The panel's files, served for a service that announces no panel of its own. Null: there is no such folder. */
export async function serveStaticPanel(dir: string, servers: SpareServers): Promise<OpenServer | null> {
  const isFolder = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return null;
  const files = sirv(dir, { dev: true, etag: true }); // a file that a person changes is there with the next request
  const open = servers.take();
  open.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // The page may stand in a frame of an opaque origin.
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (HIDDEN.test(request.url ?? '')) response.writeHead(404).end();
    else files(request, response);
  });
  return open;
}
