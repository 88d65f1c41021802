/** Keys of model providers and clouds: the worker calls models, its tools do not. */
const SECRET_NAMES =
  /^(?:.*_API_KEY|.*_AUTH_TOKEN|.*_OAUTH_TOKEN|HF_TOKEN|COPILOT_GITHUB_TOKEN|AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|BEARER_TOKEN_BEDROCK)|GOOGLE_APPLICATION_CREDENTIALS|SSH_AUTH_SOCK|DBUS_SESSION_BUS_ADDRESS|GPG_AGENT_INFO)$/;

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
