/** A panel by the guidelines: all in one file, dark, relative addresses, fit for 280 px. `LABEL` stands for the service's. */
const PANEL = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>LABEL</title>
    <style>
      * { box-sizing: border-box; }
      body { margin: 0; padding: 12px; background: #0a0a0b; color: #e4e4e7; font: 11px/1.5 system-ui, sans-serif; }
      h1 { margin: 0 0 8px; font-size: 13px; font-weight: 600; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 12px; margin: 0 0 12px; padding: 8px; border: 1px solid #27272a; border-radius: 6px; }
      dt { color: #a1a1aa; }
      dd { margin: 0; font-variant-numeric: tabular-nums; }
      button { padding: 6px 12px; border: 1px solid #27272a; border-radius: 6px; background: #18181b; color: inherit; font: inherit; cursor: pointer; }
      button:hover:enabled { background: #27272a; }
      button:focus-visible { outline: 2px solid #e4e4e7; outline-offset: 2px; }
      button:disabled { opacity: 0.5; cursor: default; }
      output { display: block; min-height: 1.5em; margin-top: 8px; color: #a1a1aa; }
    </style>
  </head>
  <body>
    <h1>LABEL</h1>
    <dl>
      <dt>Fired</dt>
      <dd id="count">…</dd>
      <dt>Subscriptions</dt>
      <dd id="wanted">…</dd>
    </dl>
    <button id="fire" type="button">Fire the trigger</button>
    <output id="said" aria-live="polite"></output>
    <script type="module">
      const byId = (id) => document.getElementById(id);

      // Relative, so that it works wherever the panel is shown.
      async function ask(path, options) {
        const response = await fetch(path, options);
        const body = await response.json();
        if (!response.ok) throw new Error(body.error ?? 'The service answered ' + response.status);
        return body;
      }

      async function refresh() {
        try {
          const { count, wanted } = await ask('./api/data');
          byId('count').textContent = count;
          byId('wanted').textContent = wanted;
        } catch (error) {
          byId('said').textContent = error.message;
        }
      }

      byId('fire').addEventListener('click', async () => {
        byId('fire').disabled = true;
        try {
          const { subscriptions, listeners } = await ask('./api/fire', { method: 'POST' });
          byId('said').textContent = 'Fired. Subscriptions: ' + subscriptions + ', listeners: ' + listeners;
        } catch (error) {
          byId('said').textContent = error.message;
        } finally {
          byId('fire').disabled = false;
        }
        await refresh();
      });

      await refresh();
      setInterval(refresh, 3000);
    </script>
  </body>
</html>
`;

export function panelTemplate(label: string): string {
  return PANEL.replaceAll('LABEL', label);
}
