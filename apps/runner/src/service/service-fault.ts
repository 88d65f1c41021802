/** The service cannot be run. The message names its folder or file, and the reason. */
export class ServiceFault extends Error {
  /** @param isFinal another start would fail alike, until the service's files change */
  constructor(
    message: string,
    readonly isFinal: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ServiceFault';
  }
}

/** What was thrown, in one line: services throw anything. */
export function saidBy(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const message = thrown.message.split('\n')[0]?.trim() ?? '';
  return thrown.name === 'Error' ? message : `${thrown.name}: ${message}`;
}
