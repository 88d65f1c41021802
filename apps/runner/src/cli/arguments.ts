import { parseArgs } from 'node:util';

export const USAGE = `Usage: pizzapi [command]

Commands:
  runner             connect this machine to a relay and run agent sessions (default)
  plugins            list the Claude Code plugins of this machine: what sessions have of them, and what is not used
  service new NAME   write a working service into PIZZAPI_HOME/services/NAME, to begin with: TypeScript, a trigger, a panel

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

function mistake(detail: string): Command {
  return { name: 'mistake', detail };
}
