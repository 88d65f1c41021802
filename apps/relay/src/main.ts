import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Beside the build, so that it goes with it. Must run before anything else is loaded, hence the dynamic import.
enableCompileCache(fileURLToPath(new URL('../../../.compile-cache', import.meta.url)));

const { bootstrap } = await import('./bootstrap.js');
await bootstrap();
// Now rather than at exit, which a kill would skip.
flushCompileCache();
