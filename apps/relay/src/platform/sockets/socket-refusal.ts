import { toProblem } from '../http/problem.js';

/** Why a handshake is refused, in the form that Socket.IO hands to the client as `data` of its `connect_error`. */
export function socketRefusal(error: unknown): Error & { data: { code: string; detail: string } } {
  const { code, detail } = toProblem(error);
  return Object.assign(new Error(detail), { data: { code, detail } });
}
