/** Below the home directory, what programs put anew into its place all the time: what was typed, and Claude Code's own notes. */
export const HOME_REWRITTEN: readonly string[] = [
  '.bash_history',
  '.zsh_history',
  '.python_history',
  '.node_repl_history',
  '.psql_history',
  '.mysql_history',
  '.sqlite_history',
  '.rediscli_history',
  '.local/share/fish/fish_history',
  '.claude.json',
];

/**
 * What programs keep of a person's credentials, below the home directory. A list of what is known: a secret elsewhere is named in `denied`.
 */
export const HOME_SECRETS: readonly string[] = [
  ...HOME_REWRITTEN,
  '.ssh',
  '.gnupg',
  '.pgpass',
  '.my.cnf',
  '.netrc',
  '.authinfo',
  '.git-credentials',
  '.password-store',
  '.vault-token',
  '.npmrc',
  '.yarnrc.yml',
  '.pypirc',
  '.gem/credentials',
  '.bundle/config',
  '.config/pypoetry/auth.toml',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.m2/settings.xml',
  '.gradle/gradle.properties',
  '.composer/auth.json',
  '.docker',
  '.kube',
  '.aws',
  '.azure',
  '.oci',
  '.terraform.d',
  '.terraformrc',
  '.boto',
  '.s3cfg',
  '.config/gcloud',
  '.config/gh',
  '.config/glab-cli',
  '.config/hub',
  '.config/doctl',
  '.config/hcloud',
  '.config/heroku',
  '.config/netlify',
  '.config/.wrangler',
  '.config/ngrok',
  '.fly',
  '.local/share/com.vercel.cli',
  '.pulumi/credentials.json',
  '.databrickscfg',
  '.snowflake',
  '.kaggle',
  '.cache/huggingface/token',
  '.config/rclone',
  '.config/op',
  '.config/sops',
  '.config/containers/auth.json',
  '.config/git/credentials',
  '.local/share/keyrings',
  '.local/share/kwalletd',
  '.mozilla',
  '.thunderbird',
  '.config/google-chrome',
  '.config/chromium',
  '.config/BraveSoftware',
  '.config/microsoft-edge',
  '.config/vivaldi',
  '.config/opera',
  '.librewolf',
  '.zen',
  '.var/app/org.mozilla.firefox',
  '.var/app/com.google.Chrome',
  '.var/app/org.chromium.Chromium',
  '.var/app/com.brave.Browser',
  '.config/Slack',
  '.config/discord',
  '.config/Signal',
  '.config/1Password',
  '.config/Bitwarden',
  'snap/firefox',
  'snap/chromium',
  'snap/brave',
  'Library/Keychains',
  'Library/Cookies',
  'Library/Application Support/Google/Chrome',
  'Library/Application Support/Firefox',
  '.claude/.credentials.json',
  '.codex/auth.json',
  '.gemini/oauth_creds.json',
  '.local/share/opencode/auth.json',
  '.config/github-copilot',
  '.pi',
];

/** The machine's own, which a worker that runs as root could read. */
export const MACHINE_SECRETS: readonly string[] = [
  '/etc/shadow',
  '/etc/gshadow',
  '/etc/ssh',
  '/etc/sudoers.d',
  '/etc/ssl/private',
  '/etc/krb5.keytab',
  '/etc/kubernetes',
  '/etc/wireguard',
  '/run/secrets',
  '/var/run/secrets',
];

/** Below PIZZAPI_HOME: keys, other sessions, the relay's data. No working folder and no list of what is readable opens them. */
export const OUR_SECRETS: readonly string[] = [
  'config.json',
  'runner.json',
  'service-keys.json',
  'usage.db',
  'relay',
  'run',
  'logs',
  'agent/auth.json',
  'agent/models.json',
  'agent/sessions',
];

/** Below PIZZAPI_HOME, what else is no place to work in. */
export const OUR_PRIVATE: readonly string[] = ['agent', 'attachments', 'consents', 'services'];

/** Below PIZZAPI_HOME, the rest of which is hidden, what an agent has to read to work. */
export const OUR_READABLE: readonly string[] = [
  'agents',
  'plugins',
  'agent/AGENTS.override.md',
  'agent/AGENTS.md',
  'agent/AGENTS.MD',
  'agent/CLAUDE.md',
  'agent/CLAUDE.MD',
  'agent/SYSTEM.md',
  'agent/APPEND_SYSTEM.md',
  'agent/agents',
  'agent/bin',
  'agent/extensions',
  'agent/prompts',
  'agent/skills',
];

/** Below PIZZAPI_HOME, folders whose content the runner runs or gives to every session. */
export const OUR_OBEYED_FOLDERS: readonly string[] = ['agents', 'plugins', 'services', 'agent'];

/** Below the home directory, other programs' folders that the runner obeys as well. */
export const HOME_OBEYED_FOLDERS: readonly string[] = ['.agents/plugins', '.claude/plugins', '.claude/agents'];

/** Files that other programs run or obey when a person comes by: in the working folder and in the home readable, but not to be changed. */
export const OBEYED_FILES: readonly string[] = [
  '.git/hooks',
  '.git/config',
  '.pizzapi/config.json',
  '.pi',
  '.gitconfig',
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.profile',
  '.zshrc',
  '.zshenv',
  '.zprofile',
  '.ripgreprc',
  '.config/autostart',
  '.config/systemd',
  '.config/git',
  '.claude/settings.json',
  '.claude/settings.local.json',
];

/** Below the home directory, what sandbox-runtime lets everybody write. */
export const RUNTIME_WRITABLE: readonly string[] = ['.npm/_logs', '.claude/debug'];

/** What sandbox-runtime lets everybody write for temporary files, wherever it is asked to. */
export const RUNTIME_TEMP = '/tmp/claude';
