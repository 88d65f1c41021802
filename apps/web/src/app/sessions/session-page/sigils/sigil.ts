/** `[[type:id key=val]]` as an agent wrote it: foreign text, all of it. */
export interface Sigil {
  readonly raw: string;
  readonly type: string;
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
}

const TYPE = String.raw`[^\s:[\]]{1,200}`;
const ID = String.raw`[^\s[\]]{1,500}`;
const KEY = String.raw`[A-Za-z_][\w.-]{0,99}`;
const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"`;
const PARAM = String.raw`[ \t]+${KEY}=(?:${QUOTED}|[^\s[\]"]*)`;
const WHOLE = new RegExp(String.raw`^\[\[(${TYPE}):(${ID})((?:${PARAM})*)[ \t]*\]\]`);
/** What may become a sigil once more text arrives: it reaches to the end of the text so far. */
const HALF = new RegExp(
  String.raw`^\[\[(${TYPE}):(?:${ID}(?:${PARAM})*(?:[ \t]+(?:${KEY}(?:=(?:"[^"\n]*)?)?)?)?\]?)?$`,
);
const EACH_PARAM = new RegExp(String.raw`(${KEY})=(${QUOTED}|[^\s[\]"]*)`, 'g');
const MAX_LENGTH = 2_000;

/** The sigil that the text begins with. */
export function sigilAt(text: string): Sigil | null {
  const match = WHOLE.exec(text.slice(0, MAX_LENGTH));
  if (match === null) return null;
  const [raw, type = '', id = '', params = ''] = match;
  return { raw, type, id, params: paramsOf(params) };
}

/** The type of the sigil of which the whole text is the beginning. */
export function halfSigilType(text: string): string | null {
  return text.length > MAX_LENGTH ? null : (HALF.exec(text)?.[1] ?? null);
}

function paramsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(EACH_PARAM)].map(([, key = '', value = '']) => [key, unquoted(value)] as const);
  // Not assigned one by one, since `__proto__` is a name like any other.
  return Object.fromEntries(pairs);
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}
