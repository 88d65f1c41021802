import { parseArgs } from 'node:util';

export const USAGE = `Usage: pizzapi [command]

Commands:
  runner                connect this machine to a relay and run agent sessions (default)
  plugins               list the Claude Code plugins of this machine and of this folder's project:
                        what sessions have of them, and what is not used
  plugins trust PATH    let sessions use the plugin in this folder of a project, as it is now
  plugins untrust PATH  forget what was said about it
  plugins trusted       list what was said about projects' plugins
  service new NAME      write a working service into PIZZAPI_HOME/services/NAME, to begin with:
                        TypeScript, a trigger, a panel

Options:
  -h, --help     show this text
  -v, --version  show the version

Settings come from the environment and from config.json in PIZZAPI_HOME (default ~/.pizzapi):
  PIZZAPI_RELAY_URL        the relay's address, http(s)://host:port (default http://127.0.0.1:7492), or "off"
  PIZZAPI_API_KEY          a key of your account, from the console's settings
  PIZZAPI_RUNNER_NAME      how the console calls this machine (default its host name)
  PIZZAPI_WORKSPACE_ROOTS  folders that sessions may work in, separated by ":" (default your home directory)
`;

export type Command =
  | { name: 'runner' }
  | { name: 'service-new'; serviceName: string }
  | { name: 'plugins' }
  | { name: 'plugins-trust' | 'plugins-untrust'; path: string }
  | { name: 'plugins-trusted' }
  | { name: 'help' }
  | { name: 'version' }
  | { name: 'mistake'; detail: string };

export function parseCommand(args: string[]): Command {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    });
    if (values.help) return { name: 'help' };
    if (values.version) return { name: 'version' };
    const [command = 'runner', ...rest] = positionals;
    if (command === 'service') return parseService(rest);
    if (command === 'plugins' && rest[0] !== undefined) return parsePlugins(rest);
    if (command !== 'runner' && command !== 'plugins') return mistake(`There is no command "${command}".`);
    if (rest[0] !== undefined) return mistake(`"${command}" takes no argument "${rest[0]}".`);
    return { name: command };
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
}

function parseService([command, serviceName, extra]: string[]): Command {
  if (command !== 'new') return mistake(`"service" takes the command "new"${command ? `, not "${command}"` : ''}.`);
  if (serviceName === undefined) return mistake('"service new" needs a name for the service.');
  if (extra !== undefined) return mistake(`"service new" takes one name, and no argument "${extra}".`);
  return { name: 'service-new', serviceName };
}

function parsePlugins([command = '', path, extra]: string[]): Command {
  const unwanted = command === 'trusted' ? path : extra;
  if (unwanted !== undefined) return mistake(`"plugins ${command}" takes no argument "${unwanted}".`);
  if (command === 'trusted') return { name: 'plugins-trusted' };
  if (command !== 'trust' && command !== 'untrust')
    return mistake(`"plugins" takes the commands "trust", "untrust" and "trusted", not "${command}".`);
  if (path === undefined) return mistake(`"plugins ${command}" needs the folder of a plugin.`);
  return { name: `plugins-${command}`, path };
}

function mistake(detail: string): Command {
  return { name: 'mistake', detail };
}
