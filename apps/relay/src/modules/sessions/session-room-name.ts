/** The Socket.IO room on `/agent` that holds the worker of a session. */
export function sessionRoom(sessionId: string): string {
  return `session:${sessionId}`;
}
