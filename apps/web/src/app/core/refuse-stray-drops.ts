import { bringsFiles } from '../ui/file-drop';

/** A file that is dropped where nothing takes it would be opened by the browser, and the page with all that was typed would be gone. */
export function refuseStrayDrops(page: GlobalEventHandlers = document): void {
  const refuse = (event: DragEvent): void => {
    if (event.defaultPrevented || !bringsFiles(event) || isChooser(event.target)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
  };
  page.addEventListener('dragover', refuse);
  page.addEventListener('drop', refuse);
}

/** Browsers let files be dropped on a field that chooses them. */
function isChooser(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'file';
}
