import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Checksums of the source and of the code, four bytes each, before the code itself. */
const HEADER_BYTES = 8;

export interface LoadedFile {
  readonly exports: unknown;
  /** Keeps the code for the next start, unless it came from there. The flags of V8 must be those under which it was loaded. */
  readonly keepCode: () => void;
}

/**
 * Runs a file in CommonJS with the code that V8 made of it at an earlier start. Node's own compile cache holds only what is compiled before
 * anything runs; compiling the rest, function by function as each is called, is a third of the relay's start.
 *
 * @param file in ASCII: it is read as Latin-1, which takes half the memory of UTF-16
 * @param cacheFile need not exist; a damaged one, or one of another Node or other flags, is replaced
 */
export function loadWithCodeCache(file: string, cacheFile: string): LoadedFile {
  const require = createRequire(file);
  // A debugger, and traces that point into the sources: by the loader that knows of source maps.
  if (process.sourceMapsEnabled) return { exports: require(file), keepCode: () => undefined };

  const source = readFileSync(file);
  const sourceSum = crc32(source);
  const cachedData = readCode(cacheFile, sourceSum);
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${source.toString('latin1')}\n})`,
    {
      filename: file,
      ...(cachedData && { cachedData }),
    },
  );
  const module: { exports: unknown } = { exports: {} };
  const run: unknown = script.runInThisContext();
  if (typeof run !== 'function') throw new TypeError(`${file} is no module in CommonJS.`);
  Reflect.apply(run, undefined, [module.exports, require, module, file, dirname(file)]);
  return {
    exports: module.exports,
    keepCode: () => {
      if (script.cachedDataRejected !== false) writeCode(cacheFile, sourceSum, script.createCachedData());
    },
  };
}

function readCode(cacheFile: string, sourceSum: number): Buffer | null {
  let content: Buffer;
  try {
    content = readFileSync(cacheFile);
  } catch {
    // The first start of this build, or a folder that may not be read: then everything is compiled, as it would be anyway.
    return null;
  }
  if (content.length <= HEADER_BYTES || content.readUInt32LE(0) !== sourceSum) return null;
  const code = content.subarray(HEADER_BYTES);
  // V8 itself looks at the length of the source and at its own version and flags only.
  return content.readUInt32LE(4) === crc32(code) ? code : null;
}

function writeCode(cacheFile: string, sourceSum: number, code: Buffer): void {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(sourceSum, 0);
  header.writeUInt32LE(crc32(code), 4);
  // Whole or not at all: other relays may start from the same build right now.
  const whole = `${cacheFile}.${process.pid}`;
  try {
    writeFileSync(whole, Buffer.concat([header, code]));
    renameSync(whole, cacheFile);
  } catch {
    // A build that may only be read, as in a container: the next start compiles again.
  }
}
