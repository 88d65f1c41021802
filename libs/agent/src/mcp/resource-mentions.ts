/** Something of a server that a person names in what they say: `@docs:guide://start`. */
export interface ResourceMention {
  server: string;
  uri: string;
}

/** Of one message. */
const MAX_MENTIONS = 5;
const MENTION = /(?<=^|[\s("'])@([A-Za-z0-9_-]{1,40}):([A-Za-z][A-Za-z0-9+.-]*:[^\s"'<>]+)/g;
/** What ends a sentence rather than an address. */
const SENTENCE_END = /[.,;:!?)\]]+$/;

/** @param servers those that have something to read */
export function mentionsIn(text: string, servers: readonly string[]): ResourceMention[] {
  const found = [...text.matchAll(MENTION)].flatMap(([, server = '', uri = '']) =>
    servers.includes(server) ? [{ server, uri: uri.replace(SENTENCE_END, '') }] : [],
  );
  const byAddress = new Map(found.map((each) => [`${each.server} ${each.uri}`, each]));
  return [...byAddress.values()].slice(0, MAX_MENTIONS);
}
