import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { boundYoungGeneration, holdYoungGeneration } from './young-generation.js';

// Beside the build, so that it goes with it. Must run before anything else is loaded, hence the dynamic import.
enableCompileCache(fileURLToPath(new URL('./.compile-cache', import.meta.url)));
// The start makes much that is garbage at once. A young generation that grew for it would keep 50 MB for good.
holdYoungGeneration();
// What the relay keeps is small beside what passes through it. By itself V8 lets the heap grow to several times of that before it looks.
setFlagsFromString('--heap-growing-percent=60');

const { bootstrap } = await import('./bootstrap.js');
await bootstrap();

boundYoungGeneration();
// Now rather than at exit, which a kill would skip.
flushCompileCache();
