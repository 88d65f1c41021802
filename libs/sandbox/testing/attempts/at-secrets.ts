import { SECRET } from '../escape-bed.js';
import { CONFINED, type EscapeAttempt, printing } from './attempt.js';

/** To read what is hidden. */
export const AT_SECRETS: readonly EscapeAttempt[] = [
  { title: 'read `~/.ssh`', told: 'complaint', failsIn: CONFINED, attempt: printing(() => 'cat ~/.ssh/id_ed25519') },
  {
    title: "read another user's `~/.ssh`, where the runner is root",
    told: 'complaint',
    needsRoot: true,
    failsIn: CONFINED,
    attempt: printing(({ otherHome }) => `cat ${otherHome}/.ssh/id_ed25519`),
  },
  {
    title: 'read cloud credentials',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(() => 'cat ~/.aws/credentials'),
  },
  {
    title: "read a browser's cookies",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(() => 'cat ~/.mozilla/firefox/cookies.sqlite'),
  },
  {
    title: "read the runner's key",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(() => 'cat ~/.pizzapi/config.json'),
  },
  {
    title: "read another session's conversation",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(() => 'cat ~/.pizzapi/agent/sessions/*'),
  },
  {
    title: "read another session's temporary files",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(({ temp }) => `cat ${temp}/../other-session/notes`),
  },
  {
    title: "read the relay's database and keys",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(({ relayData }) => `cat ~/.pizzapi/relay/relay.db ${relayData}/secret-key`),
  },
  {
    title: "read a model provider's key from the environment",
    told: 'no',
    failsIn: CONFINED,
    attempt: printing(() => 'echo "$ANTHROPIC_API_KEY"; cat /proc/*/environ'),
  },
  {
    title: 'read by a link in the working folder',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(() => 'cat link-to-ssh/id_ed25519'),
  },
  {
    title: 'read by a hard link made for it',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(() => 'ln ~/.ssh/id_ed25519 hard; cat hard; rm -f hard'),
  },
  {
    title: 'read after taking the wall down (`umount`, new namespaces)',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(
      () =>
        'umount -l ~/.ssh; unshare -rm sh -c "umount -l ~/.ssh; cat ~/.ssh/id_ed25519"; cat ~/.ssh/id_ed25519 /proc/1/root"$HOME"/.ssh/id_ed25519',
    ),
  },
  {
    title: 'read by another name of the root (`/proc/self/root`)',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(() => 'cat /proc/self/root"$HOME"/.ssh/id_ed25519; cat /proc/*/root"$HOME"/.ssh/id_ed25519'),
  },
  {
    title: "read another program's file in `/dev/shm`",
    told: 'no',
    failsIn: CONFINED,
    attempt: printing(({ sharedFile }) => `cat ${sharedFile}`),
  },
  {
    title: "read another program's shared memory (System V)",
    told: 'no',
    failsIn: CONFINED,
    attempt: printing(({ sharedMemory }) => `perl -e 'shmread(${sharedMemory}, $x, 0, ${SECRET.length}) and print $x'`),
  },
];
