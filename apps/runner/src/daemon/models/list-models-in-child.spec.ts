import { expect, it } from 'vitest';
import { listModelsInChild, ModelsUnlistedError } from './list-models-in-child.js';

it('says that pi failed, and where to look, without a word of its own', async () => {
  // Only the build has the child's program, so Node itself fails here, and says much about that.
  const error: unknown = await listModelsInChild('/home/ada/agent').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ModelsUnlistedError);
  expect(String(error)).toMatch(/exit code 1, Error\)\. Look at models\.json and auth\.json in \/home\/ada\/agent\.$/);
  expect(JSON.stringify(error)).not.toMatch(/stderr|stdout|Cannot find/);
});
