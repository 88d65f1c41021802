import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TriggerNotFiredError } from './trigger-error.js';

/** What a call to the relay needs. */
export interface RelayAddress {
  runnerId: string;
  apiKey: string;
  /** `http(s)://host:port`, without a slash at the end. */
  relayUrl: string;
}

/**
 * Reads it where the runner keeps it, at the time of each call: the key comes and changes while the service runs.
 *
 * @throws TriggerNotFiredError when something is missing
 */
export function readRelayAddress(): RelayAddress {
  const relayUrl = relayUrlNow();
  if (relayUrl === null) throw new TriggerNotFiredError('relay_off', 'This runner is configured without a relay.');
  const runnerId = fieldOf('runner.json', 'runnerId');
  if (runnerId === undefined)
    throw new TriggerNotFiredError(
      'no_runner_id',
      `${join(home(), 'runner.json')} has no runnerId: is the runner set up?`,
    );
  const apiKey = process.env['PIZZAPI_RUNNER_API_KEY'] || process.env['PIZZAPI_API_KEY'];
  if (!apiKey)
    throw new TriggerNotFiredError(
      'no_api_key',
      'The runner has no key for this service yet: has it ever been online?',
    );
  return { runnerId, apiKey, relayUrl };
}

function relayUrlNow(): string | null {
  const set = process.env['PIZZAPI_RELAY_URL']?.trim() || fieldOf('config.json', 'relayUrl')?.trim();
  if (set === 'off') return null;
  return (set ?? 'http://127.0.0.1:7492').replace(/^ws(s?):/, 'http$1:').replace(/\/$/, '');
}

function home(): string {
  return process.env['PIZZAPI_HOME']?.trim() || join(homedir(), '.pizzapi');
}

/** A text field of one of the runner's files; undefined when there is none. */
function fieldOf(file: string, field: string): string | undefined {
  const path = join(home(), file);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // absent, or just being written: the caller says what is missing
  }
  const value: unknown = content instanceof Object ? Reflect.get(content, field) : undefined;
  return typeof value === 'string' ? value : undefined;
}
