import { ProblemCode } from '@pizzapi/protocol';
import type { Problem } from '../../../platform/http/problem.js';

/** The page loads and runs nothing. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const TITLES: Partial<Record<ProblemCode, string>> = {
  [ProblemCode.notFound]: 'Nothing is exposed here',
  [ProblemCode.unauthenticated]: 'Open this from the console',
  [ProblemCode.forbidden]: 'This is not for you',
  [ProblemCode.originRefused]: 'Another page sent you here',
  [ProblemCode.tunnelOffline]: 'The runner is not connected',
  [ProblemCode.tunnelBusy]: 'Too much at once',
  [ProblemCode.serviceNotRunning]: 'The service is not running',
  [ProblemCode.serviceUnreachable]: 'Nothing listens there',
  [ProblemCode.serviceAnswerInvalid]: 'The answer could not be read',
  [ProblemCode.portRefused]: 'This port may not be reached',
  [ProblemCode.tunnelAddressInvalid]: 'There is no such tunnel',
};

/** Problems that may pass by themselves in a moment: their page reloads automatically. */
const PASSING: ReadonlySet<ProblemCode> = new Set([
  ProblemCode.tunnelOffline,
  ProblemCode.tunnelBusy,
  ProblemCode.serviceNotRunning,
  ProblemCode.serviceUnreachable,
]);
const AGAIN_AFTER_S = 5;

/** After how many seconds the page reloads; null: never. */
export function asksAgainAfterS({ code }: Pick<Problem, 'code'>): number | null {
  return PASSING.has(code) ? AGAIN_AFTER_S : null;
}

/** A problem as an HTML page in the console's colours: what is wrong, and what to do. */
export function refusalPage(
  { code, detail }: Problem,
  { action, againAfterS }: { action: { href: string; text: string } | null; againAfterS: number | null },
): string {
  const title = escaped(TITLES[code] ?? 'This did not work');
  const link = action ? `<p><a href="${escaped(action.href)}">${escaped(action.text)}</a></p>` : '';
  const again = againAfterS === null ? '' : `<p>This page tries again every ${againAfterS} seconds.</p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${title}</title>
<style>
:root { --bg: #0a0a0b; --text: #e4e4e7; --muted: #a1a1aa; --faint: #8b8b94; --accent: #8ab4ff }
@media (prefers-color-scheme: light) {
  :root { --bg: #fbfbfa; --text: #1b1b1f; --muted: #55555e; --faint: #66666f; --accent: #1d4ed8 }
}
* { box-sizing: border-box; margin: 0 }
body { min-height: 100vh; display: grid; place-content: center; padding: 16px; background: var(--bg); color: var(--muted);
  font: 13px/20px 'Inter Variable', system-ui, sans-serif }
main { max-width: 46ch }
h1 { margin-bottom: 4px; color: var(--text); font-size: 15px; line-height: 24px; font-weight: 600 }
p + p { margin-top: 12px }
a { color: var(--accent) }
code { color: var(--faint); font: 11px/16px 'JetBrains Mono Variable', ui-monospace, monospace }
</style>
<main>
<h1>${title}</h1>
<p>${escaped(detail)}</p>
${again}
${link}
<p><code>${escaped(code)}</code></p>
</main>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
