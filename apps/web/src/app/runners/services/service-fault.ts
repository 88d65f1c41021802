/** What is wrong with a service; where a file of its folder is to blame, with the place. */
export interface ServiceFault {
  readonly file: string | null;
  readonly field: string | null;
  readonly reason: string;
}

const IN_FILE = /^(\S+\.json)(?:, field (.+?))?: (.+)$/s;

/** Reads the runner's sentence: `my-service/manifest.json, field triggers[0].type: must …`. */
export function serviceFault(error: string): ServiceFault {
  const match = IN_FILE.exec(error);
  if (match === null) return { file: null, field: null, reason: error };
  const [, file = null, field = null, reason = error] = match;
  return { file, field, reason };
}
