import type { RunnerView } from '@pizzapi/protocol';
import { asProblem } from '../../core/api/api-problem';
import type { RunnersApi } from '../../core/api/runners-api';

const ABOUT_FOLDERS: readonly string[] = ['folder_outside_roots', 'folder_missing'];

/** The runner's objection to a folder for a session. Null if there is none, or if it cannot be asked: then the relay decides. */
export async function folderProblem(
  runners: RunnersApi,
  { runnerId, online }: Pick<RunnerView, 'runnerId' | 'online'>,
  folder: string,
): Promise<string | null> {
  const path = folder.trim();
  // Empty: the first root.
  if (path === '' || !online) return null;
  try {
    await runners.folders(runnerId, path);
    return null;
  } catch (error) {
    const problem = asProblem(error);
    return ABOUT_FOLDERS.includes(problem.code) ? problem.message : null;
  }
}
