/** Parses text from Redis, for a check against a schema. Undefined, which no schema accepts, when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
