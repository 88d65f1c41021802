import { parseArgs } from 'node:util';

export const USAGE = `Usage: pizzapi [command]

Commands:
  runner       connect this machine to a relay and run agent sessions (default)

Options:
  -h, --help     show this text
  -v, --version  show the version

Settings come from the environment and from config.json in PIZZAPI_HOME (default ~/.pizzapi):
  PIZZAPI_RELAY_URL        the relay's address, http(s)://host:port (default http://127.0.0.1:7492), or "off"
  PIZZAPI_API_KEY          a key of your account, from the console's settings
  PIZZAPI_RUNNER_NAME      how the console calls this machine (default its host name)
  PIZZAPI_WORKSPACE_ROOTS  folders that sessions may work in, separated by ":" (default your home directory)
`;

export type Command = { name: 'runner' } | { name: 'help' } | { name: 'version' } | { name: 'mistake'; detail: string };

export function parseCommand(args: string[]): Command {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    });
    if (values.help) return { name: 'help' };
    if (values.version) return { name: 'version' };
    const [command = 'runner', extra] = positionals;
    if (command !== 'runner') return { name: 'mistake', detail: `There is no command "${command}".` };
    if (extra !== undefined) return { name: 'mistake', detail: `"runner" takes no argument "${extra}".` };
    return { name: 'runner' };
  } catch (error) {
    return { name: 'mistake', detail: error instanceof Error ? error.message : String(error) };
  }
}
