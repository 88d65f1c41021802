/**
 * A line cut off with “…” (`.ell`) shows its full text on hover, unless it or an ancestor has a title of its own. One
 * listener serves all of them, since there are hundreds.
 */
export function tellWhatIsCut(page: GlobalEventHandlers = document): void {
  page.addEventListener('pointerover', ({ target }) => {
    if (!(target instanceof Element)) return;
    const line = target.closest<HTMLElement>('.ell');
    if (line !== null && target.closest('[title]:not([data-cut])') === null) tell(line);
  });
}

function tell(line: HTMLElement): void {
  if (line.scrollWidth > line.clientWidth) {
    line.title = line.textContent.trim().replace(/\s+/g, ' ');
    line.dataset['cut'] = '';
  } else if ('cut' in line.dataset) {
    line.removeAttribute('title');
    delete line.dataset['cut'];
  }
}
