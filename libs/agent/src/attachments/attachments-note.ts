import type { Attachment } from '@pizzapi/protocol';

/** A file as the model is told of it. */
export interface NotedFile {
  attachment: Attachment;
  /** Null: it is not here. */
  path: string | null;
  problem: string | null;
  image: object | null;
  takesImages: boolean;
}

/** Tells the model where the files of a message are. */
export function attachmentsNote(files: readonly NotedFile[]): string {
  return ['<attachments>', 'Files that came with this message:', ...files.map(line), '</attachments>'].join('\n');
}

function line({ attachment, path, problem, image, takesImages }: NotedFile): string {
  const { name, mediaType, size, isImage } = attachment;
  if (path === null) return `- ${name}: not available here${problem === null ? '' : ` (${problem})`}`;
  const shown = isImage ? `; ${shownAs(image !== null, takesImages)}` : '';
  return `- ${path} (${mediaType}, ${size} bytes${shown})`;
}

function shownAs(isShown: boolean, takesImages: boolean): string {
  if (isShown) return 'shown below';
  return takesImages ? 'an image that cannot be shown' : 'an image, which this model cannot see';
}

const NOTE = /\n?<attachments>\n(?<body>[^]*?)\n<\/attachments>/g;

/** A message's text, and how many files came with it: for repeating it to people, who have seen the files themselves. */
export function attachmentsInBrief(text: string): string {
  return text.replaceAll(NOTE, (_, body: string) => {
    const files = body.split('\n').length - 1;
    return ` (with ${files === 1 ? 'a file' : `${files} files`})`;
  });
}
