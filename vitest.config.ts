import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './vitest.sequencer.js';

const lib = (name: string): string => fileURLToPath(new URL(`./libs/${name}/src/index.ts`, import.meta.url));
const alias = Object.fromEntries(
  ['protocol', 'agent', 'sandbox', 'plugins', 'mcp', 'tunnel', 'service-sdk', 'api-client', 'testing'].map((name) => [
    `@pizzapi/${name}`,
    lib(name),
  ]),
);

// swc compiles instead of Vite's own transformer because Nest needs the decorators' metadata.
const plugins = [
  swc.vite({
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      target: 'es2022',
    },
    module: { type: 'es6' },
  }),
];

const shared = { resolve: { alias }, plugins };

/** They need a process that nobody else has used: one measures its heap, the other needs its only logger of nestjs-pino. */
const APART = ['libs/tunnel/test/leftovers.int-spec.ts', 'apps/relay/src/platform/observability/logging.int-spec.ts'];

/** A fact is waited for, `await expect.poll(ask).toEqual(it)`: on a busy machine for long, where it comes at once not at all. */
const expectations = { poll: { timeout: 20_000, interval: 20 } };

const integration = {
  include: ['{libs,apps/relay,apps/runner}/**/*.int-spec.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: expectations,
  maxWorkers: 2,
};

/** `unit` needs nothing; `integration` starts real servers; `e2e` runs the built product; `full` is the long ones. */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          isolate: false,
          testTimeout: 30_000,
          expect: expectations,
          include: ['{libs,apps/relay,apps/runner,scripts}/**/*.spec.ts'],
          exclude: ['**/*.int-spec.ts', '**/node_modules/**'],
        },
      },
      {
        ...shared,
        test: {
          ...integration,
          name: 'integration',
          exclude: ['**/node_modules/**', ...APART],
          // Nest, TypeORM and pi take longer to load than many a file's tests to run. Each file leaves the process as it found it.
          isolate: false,
        },
      },
      { ...shared, test: { ...integration, name: 'integration-apart', include: APART } },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['e2e/*.e2e-spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: expectations,
          // Each file has its own relay, runner and browser. Three at once take longer on two cores.
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'full',
          include: ['e2e/*.full-spec.ts'],
          testTimeout: 600_000,
          hookTimeout: 180_000,
          expect: expectations,
          maxWorkers: 1,
        },
      },
    ],
  },
});
