/** A setting that cannot be used. The message names the setting and says what to do. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';

  constructor(
    readonly setting: string,
    advice: string,
  ) {
    super(`${setting}: ${advice}`);
    this.name = 'ConfigError';
  }
}
