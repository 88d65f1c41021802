import { vi } from 'vitest';

/** Of a machine that does much else: by itself Vitest gives a test five seconds. */
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
