/** The files that a paste brings. A copied text comes with a picture of itself at times: then it is the text that is meant. */
export function pastedFiles({ clipboardData }: ClipboardEvent): File[] {
  return clipboardData === null || clipboardData.types.includes('text/plain') ? [] : [...clipboardData.files];
}
