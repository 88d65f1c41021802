import { expect, it } from 'vitest';
import { toolEnvironment } from './tool-environment.js';

it.each([
  'ANTHROPIC_API_KEY',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'HF_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AZURE_CLIENT_SECRET',
  'ARM_ACCESS_KEY',
  'CLOUDFLARE_API_TOKEN',
  'FLY_API_TOKEN',
  'VAULT_TOKEN',
  'TF_TOKEN_app_terraform_io',
  'SSH_AUTH_SOCK',
])('tools do not see %s', (name) => expect(toolEnvironment({ [name]: 'x' }, '/t')).not.toHaveProperty(name));

it('what a person gave to their tools stays, with temporary files and caches of the session', () => {
  const given = { PATH: '/bin', GH_TOKEN: 'for gh', AWS_REGION: 'eu-central-1', TMPDIR: '/tmp' };
  expect(toolEnvironment(given, '/t')).toEqual({
    ...given,
    TMPDIR: '/t',
    XDG_CACHE_HOME: '/t/cache',
    npm_config_cache: '/t/cache/npm',
  });
});
