/** What a message or value says, to be checked against its schema; undefined when it is no JSON (a newer replica's, or damaged). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
