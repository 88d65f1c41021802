import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a runner keeps its files: inside PIZZAPI_HOME, except for plugins, which it shares with other programs. */
export interface HomeLayout {
  home: string;
  configFile: string;
  identityFile: string;
  enrolmentFile: string;
  /** pi's own directory: models.json, auth.json, sessions. */
  agentDir: string;
  sessionDir: string;
  /** Files that people attached to their messages: one folder per session. */
  attachmentsDir: string;
  /** One folder per service. */
  servicesDir: string;
  /** Each holds one folder per plugin. Of two plugins with the same name, the one in the earlier root is used. */
  pluginRoots: string[];
  /** The person's own subagents: a Markdown file each. */
  agentFilesDir: string;
  /** The same, where Claude Code keeps them. */
  claudeAgentsDir: string;
  /** People's answers about what projects bring (plugins, MCP servers, agents): one file per answer. */
  consentsDir: string;
  /** Node's cache of pi's compiled code, from which subagents start faster. */
  compileCacheDir: string;
  /** Claude Code's list of plugins that it has installed. */
  installedPluginsFile: string;
  runDir: string;
  /** One state file per session that has, or should have, a worker. */
  workerStateDir: string;
  workerLogDir: string;
  ordersDoneFile: string;
  serviceLogDir: string;
  /** Compiled modules of services. */
  serviceCacheDir: string;
  /** The services' processes, for the next daemon. */
  serviceProcessFile: string;
  /** `HOME` of services where PIZZAPI_HOME is not the person's own `.pizzapi`. */
  serviceHome: string;
  serviceKeyFile: string;
  disabledServicesFile: string;
}

export function homeLayout(home: string, userHome = homedir()): HomeLayout {
  const agentDir = join(home, 'agent');
  const runDir = join(home, 'run');
  return {
    home,
    configFile: join(home, 'config.json'),
    identityFile: join(home, 'runner.json'),
    enrolmentFile: join(home, 'relay', 'enrolment-secret'),
    agentDir,
    sessionDir: join(agentDir, 'sessions'),
    attachmentsDir: join(home, 'attachments'),
    servicesDir: join(home, 'services'),
    pluginRoots: [home, join(userHome, '.agents'), join(userHome, '.claude')].map((base) => join(base, 'plugins')),
    agentFilesDir: join(home, 'agents'),
    claudeAgentsDir: join(userHome, '.claude', 'agents'),
    installedPluginsFile: join(userHome, '.claude', 'plugins', 'installed_plugins.json'),
    consentsDir: join(home, 'consents'),
    compileCacheDir: join(runDir, 'compile-cache'),
    runDir,
    workerStateDir: join(runDir, 'workers'),
    workerLogDir: join(runDir, 'logs'),
    ordersDoneFile: join(runDir, 'orders-done.json'),
    serviceLogDir: join(runDir, 'logs', 'services'),
    serviceCacheDir: join(runDir, 'service-cache'),
    serviceProcessFile: join(runDir, 'service-processes.json'),
    serviceHome: join(runDir, 'service-home'),
    serviceKeyFile: join(home, 'service-keys.json'),
    disabledServicesFile: join(home, 'disabled-services.json'),
  };
}
