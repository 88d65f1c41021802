import { dirname } from 'node:path';
import { SandboxHelperEndedError } from '../../src/index.js';
import { SECRET } from '../escape-bed.js';
import { changing, CONFINED, type EscapeAttempt, printing, write } from './attempt.js';

/** To change what is to stay as it is, and to read what that would open. */
export const AT_FILES: readonly EscapeAttempt[] = [
  {
    title: 'write outside of the working folder',
    told: 'always',
    failsIn: CONFINED,
    attempt: changing((bed) => bed.path('other-project', 'README.md'), write('outside')),
  },
  {
    title: 'write outside, by a link',
    told: 'always',
    failsIn: CONFINED,
    attempt: changing(
      (bed) => bed.path('other-project', 'README.md'),
      () => 'echo linked-$RANDOM$RANDOM > link-out/README.md',
    ),
  },
  {
    title: 'plant a key in `~/.ssh`',
    told: 'always',
    failsIn: CONFINED,
    attempt: changing((bed) => bed.path('.ssh', 'authorized_keys'), write('key')),
  },
  {
    title: 'plant a git hook in the working folder',
    told: 'always',
    failsIn: CONFINED,
    attempt: changing(({ cwd }) => `${cwd}/.git/hooks/pre-commit`, write('hook')),
  },
  {
    title: 'plant a git hook in a repository below the working folder',
    told: 'always',
    failsIn: CONFINED,
    attempt: changing(({ cwd }) => `${cwd}/apps/below/.git/hooks/pre-commit`, write('hook')),
  },
  {
    title: 'put another `.git` with hooks of its own into its place',
    told: 'always',
    failsIn: CONFINED,
    attempt: async (bed, mode) => {
      const path = `${bed.cwd}/.git/hooks/pre-commit`;
      await bed.run(mode, `mv .git moved && mkdir -p .git/hooks && echo planted > ${path}`);
      const isPlanted = bed.contentOf(path) === 'planted\n';
      if (isPlanted) await bed.run('none', 'rm -rf .git; mv moved .git');
      return isPlanted;
    },
  },
  {
    title: 'lead a linked worktree of the working folder to another repository',
    told: 'always',
    failsIn: CONFINED,
    attempt: changing(({ cwd }) => `${cwd}/.git/worktrees/other/commondir`, write('elsewhere')),
  },
  {
    title: 'lead the working folder to another repository by `.git/commondir`',
    told: 'ended',
    failsIn: CONFINED,
    attempt: async (bed, mode) => {
      const path = `${bed.cwd}/.git/commondir`;
      // What runs is ended as soon as it is seen; at the latest, the next call looks.
      await bed.run(mode, `echo ../elsewhere > ${path}`).catch((error: unknown) => {
        if (!(error instanceof SandboxHelperEndedError)) throw error;
      });
      await bed.run(mode, 'true');
      const isPlanted = bed.contentOf(path) !== null;
      bed.remove(path);
      return isPlanted;
    },
  },
  {
    title: 'read a file of secrets that another program has replaced',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: async (bed, mode) => {
      await bed.run(mode, 'true');
      bed.replace(bed.path('.npmrc'));
      return (await bed.run(mode, 'cat ~/.npmrc')).includes(SECRET);
    },
  },
  {
    title: 'read a file of secrets that came only after the session began',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: async (bed, mode) => {
      bed.remove(bed.path('.netrc'));
      await bed.run(mode, 'true');
      bed.replace(bed.path('.netrc'));
      return (await bed.run(mode, 'cat ~/.netrc')).includes(SECRET);
    },
  },
  {
    title: 'read `~/.ssh` from a session whose folder it is',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(
      () => 'cat id_ed25519',
      (bed) => bed.path('.ssh'),
    ),
  },
  {
    title: "read another session's temporary files from a session in their folder",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(
      () => 'cat other-session/notes',
      ({ temp }) => dirname(temp),
    ),
  },
  {
    title: 'plant a plugin from a session in the home directory',
    told: 'always',
    failsIn: CONFINED,
    attempt: async (bed, mode) => {
      // The folder is not there: also making it must not be left to tools.
      bed.remove(bed.path('.agents'));
      const plugin = bed.path('.agents', 'plugins', 'planted');
      await bed.run(mode, `mkdir -p ${plugin}; echo planted > ${plugin}/plugin.json`, bed.userHome);
      return bed.contentOf(`${plugin}/plugin.json`) !== null;
    },
  },
  {
    title: "change the rules of the project's `.pizzapi/config.json`",
    told: 'always',
    failsIn: CONFINED,
    attempt: changing(({ cwd }) => `${cwd}/.pizzapi/config.json`, write('rules')),
  },
  {
    title: "lead a worktree's `.git` to another repository",
    told: 'always',
    failsIn: CONFINED,
    attempt: changing(
      ({ worktree }) => `${worktree}/.git`,
      write('gitdir'),
      ({ worktree }) => worktree,
    ),
  },
  {
    title: "read other sandboxes' temporary files in `/tmp/claude`",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(({ runtimeTempFile }) => `cat ${runtimeTempFile}`),
  },
  {
    title: 'lead the folder of a session below to another place',
    told: 'no',
    failsIn: CONFINED,
    attempt: async (bed, mode) => {
      const target = bed.path('other-project', 'README.md');
      const below = `${bed.cwd}/below`;
      await bed.run('none', 'mkdir below');
      await bed.run(mode, 'true', below);
      await bed.run(mode, `mv below kept && ln -s ${dirname(target)} below`);
      const other = bed.sandbox(mode, below);
      other?.change(other.policy); // It gets a new wall.
      const before = bed.contentOf(target);
      await bed.run(mode, 'echo led-$RANDOM$RANDOM > README.md', below);
      await bed.run('none', 'rm below && rmdir kept');
      return bed.contentOf(target) !== before;
    },
  },
];
