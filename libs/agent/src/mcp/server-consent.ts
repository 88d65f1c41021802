import { isStdio, type McpServer, type ServerList, variablesIn } from '@pizzapi/mcp';
import { type ApprovalSubject, MAX_CONSENT_ABILITIES, MAX_CONSENT_CONTENT } from '@pizzapi/protocol';

type Project = NonNullable<ServerList['project']>;

/** Nobody can agree to what they are not shown. @returns null where all of it can be shown, otherwise why not, as a sentence without its subject */
export function unshowable({ content }: Project, servers: readonly McpServer[]): string | null {
  const count = ofProject(servers).length;
  if (content.length > MAX_CONSENT_CONTENT)
    return `has ${content.length} characters, more than the ${MAX_CONSENT_CONTENT} that a person can be shown. Its servers are not started.`;
  if (count > MAX_CONSENT_ABILITIES)
    return `names ${count} servers, more than the ${MAX_CONSENT_ABILITIES} that a person can be shown. None is started.`;
  return null;
}

/** What a person is asked about a project's file. */
export function serverConsent({ path, hash, content }: Project, servers: readonly McpServer[]): ApprovalSubject {
  return {
    kind: 'consent',
    thing: 'mcp',
    name: '.mcp.json',
    path,
    hash,
    abilities: ofProject(servers).map(serverAbility),
    content,
  };
}

function ofProject(servers: readonly McpServer[]): McpServer[] {
  return servers.filter(({ source }) => source === 'project');
}

/** What a server does and gets, in a sentence, with its variables unexpanded. */
export function serverAbility({ name, settings }: McpServer): string {
  const does = isStdio(settings)
    ? `starts ${[settings.command, ...(settings.args ?? [])].map(quoted).join(' ')}`
    : `connects to ${settings.url}`;
  const [what, fields] = isStdio(settings) ? ['variables', settings.env] : ['headers', settings.headers];
  const own = Object.keys(fields ?? {});
  const taken = variablesIn(settings);
  return [
    `${name}: ${does}`,
    ...(own.length > 0 ? [`sets the ${what} ${own.join(', ')}`] : []),
    ...(taken.length > 0 ? [`gets of the runner’s environment ${taken.join(', ')}`] : []),
  ].join('; ');
}

function quoted(word: string): string {
  return /^\S+$/.test(word) ? word : JSON.stringify(word);
}
