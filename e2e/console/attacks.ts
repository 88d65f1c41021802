/** What a hostile page in a tunnel tries. Runs in that page, so it is text; each attack answers what it got, or why it got nothing. */
export function attacks({ console: consoleUrl, sibling }: { console: string; sibling: string }): string {
  return `(async () => {
    const relay = ${JSON.stringify(consoleUrl)}, sibling = ${JSON.stringify(sibling)};
    const attempt = async (act) => {
      try { return 'GOT ' + (await act()); } catch (error) { return 'refused: ' + error.name; }
    };
    const other = window.parent === window ? window.opener : window.parent;
    const socket = (url) => new Promise((resolve, reject) => {
      const it = new WebSocket(url);
      it.onopen = () => resolve('a socket');
      it.onerror = () => reject(new DOMException('closed', 'SocketError'));
    });
    const wsOf = (url) => url.replace(/^http/, 'ws');
    const frame = (src) => new Promise((resolve, reject) => {
      const it = document.createElement('iframe');
      it.src = src;
      it.onload = () => { try { resolve(it.contentDocument.title); } catch (error) { reject(error); } };
      document.body.append(it);
    });
    const sendForm = (action, fields) => new Promise((resolve) => {
      const target = document.createElement('iframe');
      target.name = 'target' + document.forms.length;
      const form = Object.assign(document.createElement('form'), { action, method: 'post', target: target.name });
      for (const [name, value] of Object.entries(fields))
        form.append(Object.assign(document.createElement('input'), { name, value }));
      document.body.append(target, form);
      target.onload = () => resolve();
      form.submit();
    });
    const results = {
      parent: await attempt(() => other.document.title),
      storage: await attempt(() => other.localStorage.length),
      api: await attempt(async () => (await fetch(relay + '/api/auth/me', { credentials: 'include' })).text()),
      socket: await attempt(() => socket(wsOf(relay) + '/socket.io/?EIO=4&transport=websocket')),
      tunnels: await attempt(async () => (await fetch(relay + '/api/tunnels', { credentials: 'include' })).text()),
      siblingPage: await attempt(async () => (await fetch(sibling + '/', { credentials: 'include' })).text()),
      siblingSocket: await attempt(() => socket(wsOf(sibling) + '/')),
      siblingFramed: await attempt(() => frame(sibling + '/')),
      consoleFramed: await attempt(() => frame(relay + '/settings/keys')),
      consoleWorker: await attempt(() => navigator.serviceWorker.register(relay + '/ngsw-worker.js')),
      siblingWorker: await attempt(() => navigator.serviceWorker.register(sibling + '/worker.js')),
      siblingScope: await attempt(() => navigator.serviceWorker.register('/worker.js', { scope: sibling + '/' })),
      domain: await attempt(() => {
        const before = document.domain;
        document.domain = before.split('.').slice(1).join('.');
        if (document.domain === before) throw new DOMException('unchanged', 'Unchanged');
        return document.domain;
      }),
    };
    // Blind ones: their answers cannot be read, so it is looked at what they did.
    const send = (url, body) => fetch(url, {
      method: 'POST', mode: 'no-cors', credentials: 'include', body, headers: { 'content-type': 'text/plain' },
    }).catch(() => undefined);
    await send(relay + '/api/auth/logout', '');
    await send(relay + '/api/api-keys', '{"name":"stolen"}');
    await send(sibling + '/', '');
    await sendForm(relay + '/api/api-keys', { name: 'stolen' });
    await sendForm(sibling + '/', { name: 'stolen' });
    const base = location.hostname.split('.').slice(1).join('.');
    const names = ['pizzapi.login', '__Host-pizzapi-tunnel', '__Host-script', '__Secure-script', 'script', 'own', ''];
    await attempt(() => {
      for (const name of names)
        for (const host of ['', '; Domain=' + base, '; Domain=' + new URL(relay).hostname])
          for (const more of ['', '; Secure; SameSite=None', '; Secure; SameSite=None; Partitioned'])
            document.cookie = name + '=evil; Path=/' + host + more;
    });
    // Its own, which is to stay its own.
    await attempt(() => navigator.serviceWorker.register('/worker.js', { scope: '/' }));
    return results;
  })()`;
}

/** What a frame tries with the window around it. */
export const TAKE_OVER = `(() => {
  try { window.top.location = 'https://evil.example/'; return 'GOT the top window'; } catch (error) { return 'refused: ' + error.name; }
})()`;
