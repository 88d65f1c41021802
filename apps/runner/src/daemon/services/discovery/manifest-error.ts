/** One file of a service that cannot be used. Disables that service alone. */
export class ManifestError extends Error {
  /**
   * @param file below the services' folder, e.g. `my-service/manifest.json`
   * @param field as one writes it, e.g. `triggers[0].type`; empty for the file as a whole
   */
  constructor(
    readonly file: string,
    readonly field: string,
    reason: string,
  ) {
    super(`${file}${field === '' ? '' : `, field ${field}`}: ${reason}`);
    this.name = 'ManifestError';
  }
}
