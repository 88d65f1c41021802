import type { NextFunction, Request, RequestHandler, Response } from 'express';
import sirv from 'sirv';

/** Angular's names with a hash of the content: `main-A7OKTNDA.js`. */
const HASHED = /-[A-Z0-9]{8}\.\w+$/;
const NOT_PAGES = /^\/(api|health|metrics|socket\.io|_tunnel)(\/|$)/;

/** Serves the built console; any page address that is no file gets `index.html`, where Angular takes over. */
export function serveConsole(folder: string): RequestHandler {
  const files = sirv(folder, {
    // Looks at the folder for every request: a console that is built anew under a running relay is served as it is, and a file
    // that is gone is a 404.
    dev: true,
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders: (response, path) => {
      response.setHeader('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request: Request, response: Response, next: NextFunction) => {
    if (NOT_PAGES.test(request.path) || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    files(request, response, () => {
      if (!isPage(request)) return next();
      request.url = '/index.html';
      files(request, response, next);
    });
  };
}

/** A missing script must be a 404, not a page. */
function isPage(request: Request): boolean {
  return (request.get('accept') ?? '').includes('text/html') && !/\.\w+$/.test(request.path);
}
