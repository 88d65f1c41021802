import type { RateLimit } from '../../../platform/http/rate-limits.js';

/** High enough for an office behind one address, low enough to make guessing pointless. */
export const LOGIN_LIMITS = {
  byAddress: { name: 'login-address', points: 100, windowS: 60 },
  /** Counts failures only; a successful login resets it. */
  byEmail: { name: 'login-email', points: 10, windowS: 300 },
} as const satisfies Record<string, RateLimit>;

export const REGISTRATION_LIMITS = {
  byAddress: { name: 'register-address', points: 60, windowS: 600 },
  byEmail: { name: 'register-email', points: 10, windowS: 600 },
} as const satisfies Record<string, RateLimit>;
