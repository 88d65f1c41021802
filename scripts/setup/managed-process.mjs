import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from './failure.mjs';
import { nodeBinary, pizzapiHome } from './paths.mjs';

const KEPT_LINES = 20;
const LOG_BYTES = 20 * 1024 * 1024;
const WARNING = 40;

/**
 * One of our processes: its log goes to a file, what a person should see to the terminal.
 * It has a process group of its own, so that Ctrl+C reaches it by us and in the right order.
 */
export class ManagedProcess {
  /**
   * What it has written since the last line that stands in the terminal: that one is not to be said twice.
   * @type {string[]}
   */
  unseenLines = [];
  isStopping = false;
  /** @type {{text: RegExp, settle: (value?: undefined) => void}[]} */
  #awaited = [];

  /**
   * @param {string} name
   * @param {readonly string[]} args
   * @param {{env: NodeJS.ProcessEnv, logFolder: string}} options
   */
  constructor(name, args, { env, logFolder }) {
    this.name = name;
    this.logFile = openLog(logFolder, name);
    this.child = spawn(nodeBinary(), [...args], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    /** @type {Promise<string>} how it ended: never rejects */
    this.ended = new Promise((settle) => {
      this.child.once('error', (error) => settle(error.message));
      this.child.once('close', (code, signal) => settle(signal ?? `exit code ${code}`));
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      createInterface({ input: stream }).on('line', (line) => this.#take(line));
  }

  /**
   * Resolves once a line of its log matches.
   * @param {RegExp} text
   * @returns {Promise<void>}
   */
  logged(text) {
    return new Promise((settle) => this.#awaited.push({ text, settle }));
  }

  /** Asks it to stop and waits until it has. */
  async stop() {
    this.isStopping = true;
    this.child.kill('SIGTERM');
    await this.ended;
  }

  /** @param {string} line */
  #take(line) {
    this.logFile.write(`${line}\n`);
    for (const { text, settle } of this.#awaited) if (text.test(line)) settle();
    const shown = forPeople(line);
    if (shown !== null && !this.isStopping) {
      this.unseenLines = [];
      console.log(`  ${this.name}: ${shown}`);
    } else {
      this.unseenLines = [...this.unseenLines, line].slice(-KEPT_LINES);
    }
  }
}

/**
 * What of a log belongs in the terminal: plain text, which a process prints for people, and warnings.
 * @param {string} line
 * @returns {string | null}
 */
export function forPeople(line) {
  if (!line.startsWith('{')) return line.trim() === '' ? null : line;
  try {
    const { level, msg } = JSON.parse(line);
    return level >= WARNING && typeof msg === 'string' ? msg : null;
  } catch {
    return line;
  }
}

/**
 * @param {string} folder
 * @param {string} name
 */
export function openLog(folder, name) {
  const file = join(folder, `${name}.log`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(file, `${file}.old`);
    // Opened here, so that what is wrong with it is known before anything is started.
    return createWriteStream(file, { fd: openSync(file, 'a', 0o600) });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Failure(`The logs cannot be kept: ${error.message}. Correct PIZZAPI_HOME, which is "${pizzapiHome()}".`);
  }
}
