import { Failure } from '../setup/failure.mjs';
import { say } from '../setup/log.mjs';

/**
 * Prints how a command is used where somebody asks for that. Nothing that takes minutes begins by mistake.
 * @param {string} usage
 * @param {readonly string[]} [args]
 * @returns {boolean} whether it was asked for: then there is nothing else to do
 */
export function helpIsAsked(usage, args = process.argv.slice(2)) {
  const isAsked = args.includes('--help') || args.includes('-h');
  if (isAsked) say(usage.trim());
  return isAsked;
}

/**
 * For a command that is told everything by the environment: an argument that changes nothing would be taken for a setting.
 * @param {string} command as it is typed
 * @param {readonly string[]} [args]
 */
export function refuseArguments(command, args = process.argv.slice(2)) {
  if (args.length === 0) return;
  throw new Failure(
    `"${command}" takes no argument "${args[0]}". Settings come from the environment, as in: PIZZAPI_PORT=8080 ${command}\n` +
      `All of them: ${command} -- --help, and docs/configuration.md.`,
  );
}
