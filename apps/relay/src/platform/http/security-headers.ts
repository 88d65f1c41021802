import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { RelayConfig } from '../../config/config.js';

/** Strict headers for the console and the API. Only `style-src` is loose: Angular and editors set styles inline. */
export function securityHeaders({
  publicUrl,
  tunnelDomain,
}: Pick<RelayConfig, 'publicUrl' | 'tunnelDomain'>): RequestHandler {
  const { host, protocol } = new URL(publicUrl);
  const isHttps = protocol === 'https:';
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'"],
        // Older browsers do not count ws: of the same host as 'self'.
        'connect-src': ["'self'", `${isHttps ? 'wss' : 'ws'}://${host}`],
        // Panels of services and other tunnels.
        'frame-src': ["'self'", ...(tunnelDomain === null ? [] : [`${protocol}//*.${tunnelDomain}`])],
        'worker-src': ["'self'"],
        'manifest-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Only where TLS is certain: on plain http it would lock people out of their own machine.
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: 'deny' },
  });
}
