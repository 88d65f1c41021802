/**
 * The headers as they are.
 * @throws TypeError for one that is no string, such as a key from an answer that refused it: socket.io-client swallows that, and never connects
 */
export function checkedHeaders<T extends Readonly<Record<string, string>>>(headers: T): T {
  const values: [string, unknown][] = Object.entries(headers);
  const bad = values.find(([, value]) => typeof value !== 'string');
  if (bad)
    throw new TypeError(`The header ${bad[0]} is ${typeof bad[1]}: look at the status of the answer it is from.`);
  return headers;
}
