/** Why a path cannot be a session's folder: the sentence of `folder_outside_roots`, whoever refuses it. */
export function outsideRootsText(path: string, roots: readonly string[]): string {
  const within = roots.join(', ');
  return path.startsWith('/')
    ? `"${path}" is outside the runner's workspace roots (${within}); choose a folder within them, or add it to PIZZAPI_WORKSPACE_ROOTS.`
    : `"${path}" is not an absolute path; choose a folder within ${within}.`;
}
