/**
 * Why a path cannot be a session's folder: the detail of `folder_outside_roots`, the same whether the relay or the runner refuses it.
 * @param roots the runner's workspace roots, as absolute paths
 */
export function outsideRootsText(path: string, roots: readonly string[]): string {
  const within = roots.join(', ');
  return path.startsWith('/')
    ? `"${path}" is outside the runner's workspace roots (${within}); choose a folder within them, or add it to PIZZAPI_WORKSPACE_ROOTS.`
    : `"${path}" is not an absolute path; choose a folder within ${within}.`;
}
