const API_KEY = /^pza_[\w-]{43,}$/;

/** Path and query verbatim, but for query parameters whose value is one of our keys: a key in a URL ends up in logs. */
export function withoutKeys(path: string): string {
  const at = path.indexOf('?');
  if (at < 0) return path;
  const query = path.slice(at + 1);
  const parameters = query.split('&');
  const kept = parameters.filter((parameter) => !API_KEY.test(valueOf(parameter)));
  if (kept.length === parameters.length) return path;
  return kept.length === 0 ? path.slice(0, at) : `${path.slice(0, at)}?${kept.join('&')}`;
}

function valueOf(parameter: string): string {
  const value = parameter.slice(parameter.indexOf('=') + 1);
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // half an escape: no key of ours
  }
}
