import { isAscii } from 'node:buffer';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.mjs';
import { built, root } from './paths.mjs';

/** Packages that stay outside the bundle: native ones, and ones that load files of their own. */
const OUTSIDE = [
  'reflect-metadata',
  'sqlite3',
  'pg',
  'pg-native',
  '@node-rs/argon2',
  'swagger-ui-dist',
  'pino',
  'pino-http',
  'pino-pretty',
  // Nest asks for these and does without them.
  '@nestjs/microservices',
  '@nestjs/microservices/*',
  '@nestjs/platform-fastify',
  '@fastify/*',
];

/** @typedef {import('esbuild').BuildOptions} BuildOptions */

/**
 * Puts what the relay loads at its start into one file: loading four thousand modules one by one takes twice as long. TypeScript has compiled it
 * before, because Nest needs the decorators' metadata. The file is in CommonJS, which `code-cache.ts` can run with the code of an
 * earlier start, and in ASCII without comments.
 */
export async function bundleRelay() {
  // Only now: it is installed by the step before.
  const { build } = await import('esbuild');
  const folder = dirname(built.relay);
  rmSync(folder, { recursive: true, force: true });
  /** @type {BuildOptions} */
  const shared = {
    bundle: true,
    platform: 'node',
    target: 'node24',
    keepNames: true,
    sourcemap: true,
    legalComments: 'linked',
    logLevel: 'error',
  };
  const compiled = (/** @type {string} */ name) => join(root, 'dist/relay/apps/relay/src', name);
  const relay = join(folder, 'bootstrap.cjs');
  await Promise.all([
    build({ ...shared, entryPoints: [compiled('main.js')], outfile: built.relay, format: 'esm' }),
    build({
      ...shared,
      entryPoints: [compiled('bootstrap.js')],
      outfile: relay,
      format: 'cjs',
      // Without it comments stay. Lines stay short enough for an editor; their names say where an error comes from.
      minifyWhitespace: true,
      lineLimit: 160,
      external: OUTSIDE,
      plugins: [escapeRegularExpressions],
      supported: { 'dynamic-import': false },
      define: {
        'import.meta.url': '$importMetaUrl',
        'import.meta.filename': '__filename',
        'import.meta.dirname': '__dirname',
      },
      banner: { js: "const $importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    }),
  ]);
  nameLess(relay);
  if (!isAscii(readFileSync(relay))) throw new Failure('The bundle of the relay is not in ASCII.');
}

/**
 * What esbuild defines to keep names, and the same for what has another name: classes, and functions that were declared. A function expression has none
 * where it is handed to `__name`.
 */
const NAMING = '__name=(target,value)=>';
const NAMING_LESS = `${NAMING}target.name===value||target.name===""?target:`;
/** Gives a function the name that it has. */
const NAMED_ALREADY = /\b__name\(\s*([\w$]+),\s*"\1"\)/g;

/**
 * Naming takes longer than making a function, and is done each time one is made: for arrow functions a tenth of what a request through a
 * tunnel costs, for functions that esbuild did not even rename 3 % of what a trigger costs. Names of classes are what is read, in logs and errors.
 * To ask a function for its prototype is no way to tell: that makes one, and its shape, which is born old, keeps the function and all that it holds
 * until a collection of the whole heap.
 * @param {string} bundle
 */
function nameLess(bundle) {
  const code = readFileSync(bundle, 'utf8');
  if (code.split(NAMING).length !== 2 || !NAMED_ALREADY.test(code))
    throw new Failure('esbuild names functions in another way than it used to.');
  // Of the same length, with the same ends of lines: the source map goes by columns.
  const blank = (/** @type {string} */ call) => `void 0${call.slice(6).replace(/[^\n]/g, ' ')}`;
  writeFileSync(bundle, code.replace(NAMED_ALREADY, blank).replace(NAMING, NAMING_LESS));
}

/**
 * esbuild escapes strings, not regular expressions. These packages have letters of many alphabets in theirs, and a control character.
 * @type {import('esbuild').Plugin}
 */
const escapeRegularExpressions = {
  name: 'escape-regular-expressions',
  setup: (esbuild) =>
    esbuild.onLoad({ filter: /node_modules.(validator|ansis).+[.]c?js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /[\u0080-\uffff]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    })),
};
