const API_KEY = /^pza_[\w-]{43,}$/;

/** Path and query without parameters whose value is an API key of the relay, as URLs end up in logs. Otherwise unchanged. */
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
    return value; // an incomplete escape, so not a key
  }
}
