/** A variable of the environment that the relay cannot start with. */
export class InvalidConfigError extends Error {
  constructor(
    readonly variable: string,
    problem: string,
  ) {
    super(`${variable} ${problem}.`);
    this.name = 'InvalidConfigError';
  }
}
