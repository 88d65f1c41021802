import { waitFor } from '@pizzapi/testing';
import { SECRET } from '../escape-bed.js';
import { CONFINED, type EscapeAttempt, OFFLINE, printing } from './attempt.js';

const node = (code: string): string => `'${process.execPath}' -e '${code}'`;
const dial = (target: string): string =>
  node(
    `require("net").connect(${target}).on("data", d => console.log(String(d))).on("error", e => console.log(e.message))`,
  );

const get = (host: string, port: number, key: string): string =>
  `'${process.execPath}' get.mjs ${host} ${port} "${key}"`;

/** To reach the network, daemons and other processes. */
export const AT_OTHERS: readonly EscapeAttempt[] = [
  {
    title: 'reach a host by its address',
    told: 'complaint',
    failsIn: OFFLINE,
    attempt: printing(({ redisPort }) => dial(`${redisPort}, "127.0.0.1"`)),
  },
  {
    title: 'ask a name server',
    told: 'complaint',
    failsIn: OFFLINE,
    attempt: printing(({ namePort }) =>
      node(
        `const s = require("dgram").createSocket("udp4"); const bye = said => { console.log(String(said)); process.exit(); }; ` +
          // In dig's words.
          `s.on("message", bye).on("error", () => bye(";; communications error to 127.0.0.1#${namePort}: connection refused")); ` +
          `s.connect(${namePort}, "127.0.0.1", () => s.send("who"))`,
      ),
    ),
  },
  {
    title: 'reach a host that is not allowed, by the proxy',
    told: 'always',
    failsIn: OFFLINE,
    // "localhost" is not allowed; its address is.
    attempt: printing(({ relayPort }) => get('localhost', relayPort, SECRET)),
  },
  {
    title: "act on the relay with the runner's key",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(({ relayPort }) => get('127.0.0.1', relayPort, '$(cat ~/.pizzapi/config.json)')),
  },
  {
    title: "reach the relay's or Redis's port on loopback, past the proxy",
    told: 'complaint',
    failsIn: OFFLINE,
    attempt: printing(({ redisPort }) => dial(`${redisPort}, "localhost"`)),
  },
  {
    title: "reach the relay's own Redis by its socket",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(({ redisSocket }) => dial(`"${redisSocket}"`)),
  },
  {
    title: 'reach a daemon by its Unix socket (Docker, ssh-agent, D-Bus)',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(({ publicSocket }) => dial(`"${publicSocket}"`)),
  },
  {
    title: 'reach a daemon by an abstract Unix socket',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(({ abstractSocket }) => dial(`"\\0${abstractSocket}"`)),
  },
  {
    title: 'change a setting of the kernel, where the runner is root',
    told: 'always',
    needsRoot: true,
    failsIn: CONFINED,
    // To what it is, so that nothing comes of it.
    attempt: async (bed, mode) =>
      (
        await bed.run(mode, `set -e; f=/proc/sys/kernel/printk_ratelimit; was=$(cat $f); echo $was > $f; echo done`)
      ).includes('done'),
  },
  {
    title: "read another worker's environment",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: printing(({ otherWorkerPid }) => `cat /proc/${otherWorkerPid}/environ`),
  },
  {
    title: "read an MCP server's environment",
    told: 'no',
    failsIn: CONFINED,
    attempt: async (bed, mode) =>
      bed.besideServer(mode, async () =>
        (await bed.run(mode, 'cat /proc/*/environ | tr "\\0" "\\n"')).includes(`SERVER_TOKEN=${SECRET}`),
      ),
  },
  {
    title: "open another worker's memory",
    told: 'complaint',
    failsIn: CONFINED,
    attempt: async (bed, mode) =>
      (await bed.run(mode, `(exec 3</proc/${bed.otherWorkerPid}/mem) && echo opened`)).includes('opened'),
  },
  {
    title: 'signal another worker',
    told: 'complaint',
    failsIn: CONFINED,
    attempt: async (bed, mode) =>
      (await bed.run(mode, `kill -0 ${bed.otherWorkerPid} && echo reached`)).includes('reached'),
  },
  {
    title: 'outlive the session',
    told: 'no',
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
