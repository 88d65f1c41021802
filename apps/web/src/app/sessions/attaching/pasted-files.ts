/** The files in a paste. Some programs copy text together with a picture of it: then the text is meant. */
export function pastedFiles({ clipboardData }: ClipboardEvent): File[] {
  return clipboardData === null || clipboardData.types.includes('text/plain') ? [] : [...clipboardData.files];
}
