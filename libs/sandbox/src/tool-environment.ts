/** Of model providers: the worker calls models, its tools do not. */
const PROVIDERS = [
  '.*_API_KEY',
  '.*_AUTH_TOKEN',
  '.*_OAUTH_TOKEN',
  'HF_TOKEN',
  'HUGGING_FACE_HUB_TOKEN',
  'COPILOT_GITHUB_TOKEN',
];
/** Of clouds, whose files are hidden as well. */
const CLOUDS = [
  'AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|BEARER_TOKEN_BEDROCK)',
  '(?:AZURE|ARM)_(?:CLIENT_SECRET|CLIENT_CERTIFICATE_PASSWORD|PASSWORD|ACCESS_KEY|STORAGE_KEY|STORAGE_CONNECTION_STRING)',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CREDENTIALS',
  '(?:CLOUDFLARE|CF)_API_TOKEN',
  'DIGITALOCEAN_(?:ACCESS_)?TOKEN',
  '(?:HCLOUD|LINODE|FLY_API|VERCEL|NETLIFY|HEROKU|VAULT|CONSUL_HTTP|NOMAD)_TOKEN',
  'PULUMI_ACCESS_TOKEN',
  'TF_TOKEN_.*',
];
/** Ways to daemons that would use keys on a tool's behalf. */
const DAEMONS = ['SSH_AUTH_SOCK', 'DBUS_SESSION_BUS_ADDRESS', 'GPG_AGENT_INFO'];
const SECRET_NAMES = new RegExp(`^(?:${[...PROVIDERS, ...CLOUDS, ...DAEMONS].join('|')})$`);

/**
 * What programs in the sandbox start with: the given environment without keys, with the session's temporary folder, and with caches
 * there, because those of the home directory cannot be written.
 */
export function toolEnvironment(environment: NodeJS.ProcessEnv, temp: string): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !SECRET_NAMES.test(name));
  return {
    ...Object.fromEntries(kept),
    TMPDIR: temp,
    XDG_CACHE_HOME: `${temp}/cache`,
    npm_config_cache: `${temp}/cache/npm`,
  };
}
