import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadWithCodeCache } from './process/code-cache.js';
import { boundWaitingBuffers } from './process/waiting-buffers.js';
import { boundYoungGeneration, holdYoungGeneration } from './process/young-generation.js';

// Beside the build, so that it goes with it: the code of the relay, and of the packages that are not in its file.
const folder = import.meta.dirname;
enableCompileCache(join(folder, '.compile-cache'));
// The start makes much that is garbage at once. A young generation that grew for it would keep 50 MB for good.
holdYoungGeneration();
// What the relay keeps is small beside what passes through it. By itself V8 lets the heap grow to several times of that before it looks.
setFlagsFromString('--heap-growing-percent=60');
// What ran once is forgotten otherwise before it can be kept for the next start.
setFlagsFromString('--no-flush-bytecode');

// What the build makes of `bootstrap.ts` and everything that it imports.
const relay = loadWithCodeCache(join(folder, 'bootstrap.cjs'), join(folder, '.compile-cache', 'bootstrap.code'));
if (!isRelay(relay.exports)) throw new Error('The build of the relay is not whole: npm run build relay');
await relay.exports.bootstrap();

// Now rather than at exit, which a kill would skip.
relay.keepCode();
flushCompileCache();
setFlagsFromString('--flush-bytecode');
boundYoungGeneration();
boundWaitingBuffers();

function isRelay(exports: unknown): exports is Pick<typeof import('./bootstrap.js'), 'bootstrap'> {
  return typeof exports === 'object' && exports !== null && 'bootstrap' in exports;
}
