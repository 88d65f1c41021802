/** Something a person can act on: its message is printed alone, without a stack. */
export class Failure extends Error {
  /**
   * @param {string} message what went wrong and what to do
   * @param {readonly string[]} [lastLines] the end of a log that shows it
   */
  constructor(message, lastLines = []) {
    super(message);
    this.name = 'Failure';
    this.lastLines = lastLines;
  }
}

/**
 * Runs a script's main function; what goes wrong ends the process with exit code 1 and a message.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  // A reader that went away (`npm start | head`) is no reason to leave processes behind by crashing.
  process.stdout.on('error', () => undefined);
  try {
    await main();
  } catch (error) {
    if (error instanceof Failure) {
      for (const line of error.lastLines) console.error(`  | ${line}`);
      console.error(`\n${error.message}`);
    } else {
      console.error(error);
    }
    process.exitCode = 1;
  }
}
