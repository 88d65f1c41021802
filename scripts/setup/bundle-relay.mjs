import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { built, root } from './paths.mjs';

/**
 * Packages that stay outside the bundle: native ones, ones that load files of their own, and ones whose identity matters to
 * code that finds them by name.
 */
const OUTSIDE = [
  'reflect-metadata',
  'sqlite3',
  'pg',
  'pg-native',
  '@node-rs/argon2',
  'swagger-ui-dist',
  'typeorm',
  'bullmq',
  // Nest loads these two by name at run time.
  'class-transformer',
  'class-transformer/storage',
  'class-validator',
  'pino',
  'pino-http',
  'pino-pretty',
  // Nest asks for these and does without them.
  '@nestjs/microservices',
  '@nestjs/microservices/*',
  '@nestjs/platform-fastify',
  '@fastify/*',
];

/**
 * Puts what the relay loads at its start into a few files: loading four thousand modules one by one takes twice as long. TypeScript
 * has compiled it before, because Nest needs the decorators' metadata.
 */
export async function bundleRelay() {
  // Only now: it is installed by the step before.
  const { build } = await import('esbuild');
  const folder = dirname(built.relay);
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: [join(root, 'dist/relay/apps/relay/src/main.js')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    keepNames: true,
    sourcemap: true,
    legalComments: 'linked',
    logLevel: 'error',
    external: OUTSIDE,
    // Packages in CommonJS ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
    },
  });
}
