import { parseCommand, USAGE } from './cli/arguments.js';
import { ConfigError } from './config/config-error.js';
import { EXIT_CONFIG } from './config/exit-code.js';
import { RUNNER_VERSION } from './config/version.js';
import { newService, NewServiceError } from './cli/service/new-service.js';
import { loadRunnerConfig } from './config/runner-config.js';
import { runSupervisor } from './supervisor/run-supervisor.js';

const EXIT_USAGE = 64;

async function main(args: string[]): Promise<number> {
  const command = parseCommand(args);
  switch (command.name) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'version':
      process.stdout.write(`${RUNNER_VERSION}\n`);
      return 0;
    case 'mistake':
      process.stderr.write(`${command.detail}\n\n${USAGE}`);
      return EXIT_USAGE;
    case 'service-new':
      process.stdout.write(newService(command.serviceName, loadRunnerConfig().layout.servicesDir));
      return 0;
    case 'plugins':
    case 'plugins-trust':
    case 'plugins-untrust':
    case 'plugins-trusted': {
      const { layout } = loadRunnerConfig();
      // Only these commands need pi's parser.
      const { runPluginsCommand } = await import('./cli/plugins/plugins-command.js');
      const { text, isFailed } = await runPluginsCommand(command, layout, process.cwd());
      (isFailed ? process.stderr : process.stdout).write(text);
      return isFailed ? 1 : 0;
    }
    case 'runner':
      return runSupervisor();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof NewServiceError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : error.exitCode;
}
