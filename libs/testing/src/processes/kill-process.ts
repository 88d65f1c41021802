/**
 * `kill -9` of a process that is there. Nobody is an error: to the system, process 0 is the caller's whole group, here the test runner with
 * all that it runs.
 */
export function killProcess(pid: number | null | undefined): void {
  if (!pid || pid < 2) throw new Error(`There is no process to kill: ${String(pid)}.`);
  process.kill(pid, 'SIGKILL');
}
