import { AT_FILES } from './attempts/at-files.js';
import { AT_OTHERS } from './attempts/at-others.js';
import { AT_SECRETS } from './attempts/at-secrets.js';
import type { EscapeAttempt } from './attempts/attempt.js';

export type { EscapeAttempt, Told } from './attempts/attempt.js';

export const ESCAPE_ATTEMPTS: readonly EscapeAttempt[] = [...AT_SECRETS, ...AT_FILES, ...AT_OTHERS];
