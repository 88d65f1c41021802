import type { HookWork } from './hook.js';
import type { HookOrder } from './hook-order.js';

/** How the program ends whose address did not take what was posted; it says why on its error stream. */
export const POST_FAILED = 69;

/**
 * Posts what it reads, and prints the answer. It runs where the session's tools run, behind their wall and with their variables: what they
 * cannot reach it cannot either, and a header holds nothing that they do not have. It is a text because behind the wall little more than Node
 * itself is to be seen. An error without a cause is about the request itself, and quotes what must not be told.
 */
const PROGRAM = `
const fail = (why) => { console.error(why); process.exit(${POST_FAILED}); };
const last = (error) => (error.cause ? last(error.cause) : error);
const reasonOf = (error) => (error.cause ? last(error).message || last(error).code : 'the request is malformed');
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { url, headers, variables, body } = JSON.parse(Buffer.concat(chunks).toString());
const valueOf = (_, braced, plain) => (variables.includes(braced ?? plain) ? process.env[braced ?? plain] : null) ?? '';
const filled = (text) => text.replace(/\\$(?:\\{(\\w+)\\}|(\\w+))/g, valueOf);
const all = { 'content-type': 'application/json', accept: 'application/json', ...Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), filled(text)])) };
const answer = await fetch(url, { method: 'POST', headers: all, body, redirect: 'manual' }).catch((error) => fail('cannot be reached: ' + reasonOf(error)));
if (!answer.ok) fail('answered ' + answer.status);
try { for await (const chunk of answer.body ?? []) process.stdout.write(chunk); } catch (error) { fail('broke off: ' + error.message); }
`;

/** The process that posts, with everything secret in what it reads. */
export function postOrder(
  { url, headers, variables }: Extract<HookWork, { type: 'http' }>,
  body: string,
): Pick<HookOrder, 'command' | 'args' | 'env' | 'input'> {
  return {
    command: process.execPath,
    args: ['--no-warnings', '--input-type=module', '--eval', PROGRAM],
    // In mode `full` the way out is the sandbox's proxy.
    env: { NODE_USE_ENV_PROXY: '1' },
    input: JSON.stringify({ url, headers, variables, body }),
  };
}
