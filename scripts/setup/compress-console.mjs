import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { built } from './paths.mjs';

const TEXT = /\.(js|css|html|svg|json|webmanifest)$/;
/** Below this a compressed file saves no packet. */
const MIN_BYTES = 1_400;
/** Nearly the smallest result, in a tenth of the time. */
const QUALITY = 9;

/** Leaves `.br` and `.gz` beside the console's files, so that the relay sends them without compressing anything itself. */
export function compressConsole() {
  const folder = dirname(built.web);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    if (!TEXT.test(name) || statSync(file).size < MIN_BYTES) continue;
    const content = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }));
    writeFileSync(`${file}.gz`, gzipSync(content));
  }
}
