/**
 * Why a trigger was not fired: one of these, or the relay's own code, such as `unknown_trigger_type` or `payload_invalid`.
 *
 * - `no_runner_id`: `runner.json` is not there or not readable
 * - `no_api_key`: the runner has not given this service a key, or the relay refuses it
 * - `relay_off`: the runner is configured without a relay
 * - `relay_unreachable`: no answer, or none that made sense, in all the time
 * - `payload_not_json`: the payload cannot be written as JSON
 */
export type NotFiredCode =
  'no_runner_id' | 'no_api_key' | 'relay_off' | 'relay_unreachable' | 'payload_not_json' | (string & {});

/** A field of the trigger that the relay refuses. */
export interface FieldError {
  path: string;
  message: string;
}

/** The trigger was not fired. The message says what to do. */
export class TriggerNotFiredError extends Error {
  /**
   * @param code stable, to decide by
   * @param status the relay's HTTP status; null when it never answered
   * @param errors with `payload_invalid`: which fields of the payload, and why
   */
  constructor(
    readonly code: NotFiredCode,
    message: string,
    readonly status: number | null = null,
    readonly errors: readonly FieldError[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TriggerNotFiredError';
  }
}
