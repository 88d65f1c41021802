import { dirname } from 'node:path';
import { waitFor } from '@pizzapi/testing';
import type { SandboxMode } from '@pizzapi/protocol';
import { SandboxHelperEndedError } from '../src/index.js';
import { type EscapeBed, SECRET } from './escape-bed.js';

/** An attempt to get out, and whether it works in a mode. */
export interface EscapeAttempt {
  /** As `docs/sandbox.md` has it. */
  title: string;
  /** The modes in which it must fail; in the others it works, which shows that it is a real attempt. */
  failsIn: readonly SandboxMode[];
  /** @returns whether it got through */
  attempt: (bed: EscapeBed, mode: SandboxMode) => Promise<boolean>;
}

const CONFINED: readonly SandboxMode[] = ['basic', 'full'];
const OFFLINE: readonly SandboxMode[] = ['full'];

/** Whoever prints the secret has it. @param cwd the session's folder */
function printing(command: (bed: EscapeBed) => string, cwd?: (bed: EscapeBed) => string): EscapeAttempt['attempt'] {
  return async (bed, mode) => (await bed.run(mode, command(bed), cwd?.(bed))).includes(SECRET);
}

/** Whoever changes a file outside has got out. @param cwd the session's folder */
function changing(
  file: (bed: EscapeBed) => string,
  command: (path: string) => string,
  cwd?: (bed: EscapeBed) => string,
): EscapeAttempt['attempt'] {
  return async (bed, mode) => {
    const path = file(bed);
    const before = bed.contentOf(path);
    await bed.run(mode, command(path), cwd?.(bed));
    return bed.contentOf(path) !== before;
  };
}

const write = (mark: string) => (path: string) => `echo ${mark}-$RANDOM$RANDOM > ${path}`;
const node = (code: string): string => `'${process.execPath}' -e '${code}'`;
const dial = (target: string): string =>
  node(
    `require("net").connect(${target}).on("data", d => console.log(String(d))).on("error", e => console.log(e.code))`,
  );

const get = (host: string, port: number, key: string): string =>
  `'${process.execPath}' get.mjs ${host} ${port} "${key}"`;

export const ESCAPE_ATTEMPTS: readonly EscapeAttempt[] = [
  { title: 'read `~/.ssh`', failsIn: CONFINED, attempt: printing(() => 'cat ~/.ssh/id_ed25519') },
  { title: 'read cloud credentials', failsIn: CONFINED, attempt: printing(() => 'cat ~/.aws/credentials') },
  {
    title: "read a browser's cookies",
    failsIn: CONFINED,
    attempt: printing(() => 'cat ~/.mozilla/firefox/cookies.sqlite'),
  },
  { title: "read the runner's key", failsIn: CONFINED, attempt: printing(() => 'cat ~/.pizzapi/config.json') },
  {
    title: "read another session's conversation",
    failsIn: CONFINED,
    attempt: printing(() => 'cat ~/.pizzapi/agent/sessions/*'),
  },
  {
    title: "read another session's temporary files",
    failsIn: CONFINED,
    attempt: printing(({ temp }) => `cat ${temp}/../other-session/notes`),
  },
  {
    title: "read the relay's database and keys",
    failsIn: CONFINED,
    attempt: printing(({ relayData }) => `cat ~/.pizzapi/relay/relay.db ${relayData}/secret-key`),
  },
  {
    title: "read a model provider's key from the environment",
    failsIn: CONFINED,
    attempt: printing(() => 'echo "$ANTHROPIC_API_KEY"; cat /proc/*/environ'),
  },
  {
    title: 'read by a link in the working folder',
    failsIn: CONFINED,
    attempt: printing(() => 'cat link-to-ssh/id_ed25519'),
  },
  {
    title: 'read by a hard link made for it',
    failsIn: CONFINED,
    attempt: printing(() => 'ln ~/.ssh/id_ed25519 hard; cat hard; rm -f hard'),
  },
  {
    title: 'read after taking the wall down (`umount`, new namespaces)',
    failsIn: CONFINED,
    attempt: printing(
      () =>
        'umount -l ~/.ssh; unshare -rm sh -c "umount -l ~/.ssh; cat ~/.ssh/id_ed25519"; cat ~/.ssh/id_ed25519 /proc/1/root"$HOME"/.ssh/id_ed25519',
    ),
  },
  {
    title: 'write outside of the working folder',
    failsIn: CONFINED,
    attempt: changing((bed) => bed.path('other-project', 'README.md'), write('outside')),
  },
  {
    title: 'write outside, by a link',
    failsIn: CONFINED,
    attempt: changing(
      (bed) => bed.path('other-project', 'README.md'),
      () => 'echo linked-$RANDOM$RANDOM > link-out/README.md',
    ),
  },
  {
    title: 'plant a key in `~/.ssh`',
    failsIn: CONFINED,
    attempt: changing((bed) => bed.path('.ssh', 'authorized_keys'), write('key')),
  },
  {
    title: 'plant a git hook in the working folder',
    failsIn: CONFINED,
    attempt: changing(({ cwd }) => `${cwd}/.git/hooks/pre-commit`, write('hook')),
  },
  {
    title: 'put another `.git` with hooks of its own into its place',
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
    failsIn: CONFINED,
    attempt: changing(({ cwd }) => `${cwd}/.git/worktrees/other/commondir`, write('elsewhere')),
  },
  {
    title: 'lead the working folder to another repository by `.git/commondir`',
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
    failsIn: CONFINED,
    attempt: async (bed, mode) => {
      await bed.run(mode, 'true');
      bed.replace(bed.path('.npmrc'));
      return (await bed.run(mode, 'cat ~/.npmrc')).includes(SECRET);
    },
  },
  {
    title: 'read a file of secrets that came only after the session began',
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
    failsIn: CONFINED,
    attempt: printing(
      () => 'cat id_ed25519',
      (bed) => bed.path('.ssh'),
    ),
  },
  {
    title: "read another session's temporary files from a session in their folder",
    failsIn: CONFINED,
    attempt: printing(
      () => 'cat other-session/notes',
      ({ temp }) => dirname(temp),
    ),
  },
  {
    title: 'plant a plugin from a session in the home directory',
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
    failsIn: CONFINED,
    attempt: changing(({ cwd }) => `${cwd}/.pizzapi/config.json`, write('rules')),
  },
  {
    title: "lead a worktree's `.git` to another repository",
    failsIn: CONFINED,
    attempt: changing(
      ({ worktree }) => `${worktree}/.git`,
      write('gitdir'),
      ({ worktree }) => worktree,
    ),
  },
  {
    title: "read other sandboxes' temporary files in `/tmp/claude`",
    failsIn: CONFINED,
    attempt: printing(({ runtimeTempFile }) => `cat ${runtimeTempFile}`),
  },
  {
    title: 'lead the folder of a session below to another place',
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
  {
    title: 'reach a host by its address',
    failsIn: OFFLINE,
    attempt: printing(({ redisPort }) => dial(`${redisPort}, "127.0.0.1"`)),
  },
  {
    title: 'ask a name server',
    failsIn: OFFLINE,
    attempt: printing(({ namePort }) =>
      node(
        `const s = require("dgram").createSocket("udp4"); const bye = () => process.exit(); setTimeout(bye, 1000); ` +
          `s.on("message", m => { console.log(String(m)); bye(); }).on("error", bye).send("who", ${namePort}, "127.0.0.1")`,
      ),
    ),
  },
  {
    title: 'reach a host that is not allowed, by the proxy',
    failsIn: OFFLINE,
    // "localhost" is not allowed; its address is.
    attempt: printing(({ relayPort }) => get('localhost', relayPort, SECRET)),
  },
  {
    title: "act on the relay with the runner's key",
    failsIn: CONFINED,
    attempt: printing(({ relayPort }) => get('127.0.0.1', relayPort, '$(cat ~/.pizzapi/config.json)')),
  },
  {
    title: "reach the relay's or Redis's port on loopback, past the proxy",
    failsIn: OFFLINE,
    attempt: printing(({ redisPort }) => dial(`${redisPort}, "localhost"`)),
  },
  {
    title: "reach the relay's own Redis by its socket",
    failsIn: CONFINED,
    attempt: printing(({ redisSocket }) => dial(`"${redisSocket}"`)),
  },
  {
    title: 'reach a daemon by its Unix socket (Docker, ssh-agent, D-Bus)',
    failsIn: CONFINED,
    attempt: printing(({ publicSocket }) => dial(`"${publicSocket}"`)),
  },
  {
    title: "read another worker's environment",
    failsIn: CONFINED,
    attempt: printing(({ otherWorkerPid }) => `cat /proc/${otherWorkerPid}/environ`),
  },
  {
    title: "read an MCP server's environment",
    failsIn: CONFINED,
    attempt: async (bed, mode) =>
      bed.besideServer(mode, async () =>
        (await bed.run(mode, 'cat /proc/*/environ | tr "\\0" "\\n"')).includes(`SERVER_TOKEN=${SECRET}`),
      ),
  },
  {
    title: "open another worker's memory",
    failsIn: CONFINED,
    attempt: async (bed, mode) =>
      (await bed.run(mode, `(exec 3</proc/${bed.otherWorkerPid}/mem) && echo opened`)).includes('opened'),
  },
  {
    title: 'signal another worker',
    failsIn: CONFINED,
    attempt: async (bed, mode) =>
      (await bed.run(mode, `kill -0 ${bed.otherWorkerPid} && echo reached`)).includes('reached'),
  },
  {
    title: 'outlive the session',
    failsIn: CONFINED,
    attempt: async (bed, mode) => {
      const word = `outlives-${mode}-${process.pid}`;
      await bed.run(mode, `setsid nohup bash -c 'exec -a ${word} sleep 1000' >/dev/null 2>&1 &`);
      await waitFor(() => bed.isRunning(word), { description: 'the process in the background' });
      if (mode === 'none') return bed.endRunning(word);
      await bed.sandbox(mode)?.close();
      // The system ends a namespace's processes right after its first one, not with it.
      const isGone = waitFor(() => !bed.isRunning(word), { description: 'its end' });
      return isGone.then(
        () => false,
        () => bed.endRunning(word),
      );
    },
  },
];
