// Sets the theme before the first paint; a file of its own because the console's CSP allows no inline script.
(() => {
  const stored = localStorage.getItem('pizzapi.theme');
  const prefersLight = matchMedia('(prefers-color-scheme: light)').matches;
  const isLight = stored === 'light' || (stored !== 'dark' && prefersLight);
  document.documentElement.dataset.theme = isLight ? 'light' : 'dark';
})();
