import { expect, it } from 'vitest';
import { agentEnvironment } from './agent-environment.js';

it("gives agents the person's environment without any secret of ours", () => {
  const environment = {
    PATH: '/bin',
    ANTHROPIC_API_KEY: 'theirs',
    PIZZAPI_API_KEY: 'ours',
    PIZZAPI_RUNNER_API_KEY: 'ours',
    PIZZAPI_SECRET_KEY: 'ours',
    DATABASE_URL: 'ours',
    REDIS_URL: 'ours',
    VAPID_PRIVATE_KEY: 'ours',
  };
  expect(agentEnvironment('s1', environment)).toEqual({
    PATH: '/bin',
    ANTHROPIC_API_KEY: 'theirs',
    PIZZAPI_SESSION_ID: 's1',
  });
});
