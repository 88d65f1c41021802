/**
 * Makes a shell believe that it is a nested one. Otherwise bash, whose standard input is a socket where Node starts it, takes itself for a remote
 * login and first runs `~/.bashrc`, however long that takes.
 */
export function innerShell(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const level = Number(env['SHLVL']);
  return level >= 1 ? env : { ...env, SHLVL: '1' };
}
