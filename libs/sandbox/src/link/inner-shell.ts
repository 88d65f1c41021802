/**
 * The environment of a shell that is not the first one. Where bash is, and its standard input is a socket, as Node makes it, it takes itself for
 * the shell of somebody who came in by the network, and first does all that `~/.bashrc` says, however long that takes.
 */
export function innerShell(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const level = Number(env['SHLVL']);
  return level >= 1 ? env : { ...env, SHLVL: '1' };
}
