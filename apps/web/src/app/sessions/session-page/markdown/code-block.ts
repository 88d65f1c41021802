/** A code block with its language and a copy button; the view listens for clicks on `[data-copy]`. */
export function codeFrame(language: string): { frame: HTMLElement; code: HTMLElement } {
  const frame = document.createElement('div');
  frame.className = 'code';
  const bar = document.createElement('div');
  bar.className = 'bar';
  const name = document.createElement('span');
  name.textContent = language;
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.dataset['copy'] = '';
  copy.textContent = 'Copy';
  bar.append(name, copy);
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  const code = document.createElement('code');
  pre.append(code);
  frame.append(bar, pre);
  return { frame, code };
}
