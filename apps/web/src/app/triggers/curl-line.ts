/** A request of the REST API as a line for a shell, to be copied. The key stays in a variable: a line is easily shared. */
export function curlLine(path: string, body: object): string {
  return [
    `curl -X POST ${quoted(location.origin + path)} \\`,
    `  -H "x-api-key: $PIZZAPI_API_KEY" \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(body))}`,
  ].join('\n');
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
