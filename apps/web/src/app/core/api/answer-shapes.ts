import type { ApiKeyDto, InvitationDto, MemberDto, MeDto, SessionStateDto, SetupDto } from '@pizzapi/api-client';
import type { FolderListing, ForkView, ModelInfo, QueuedInput } from '@pizzapi/protocol';
import { has, isCount, isListOf, isRecord, type Shape } from '../shape';

/** The minimum shape of the relay's answers; shapes that sockets bring as well are in `message-shapes.ts`. */
type List<K extends string, T> = Record<K, T[]>;

/** One page of a list, under its name. */
export type PageOf<K extends string, T> = List<K, T> & { nextCursor?: string };

export function isListAnswer<K extends string, T>(name: K, isItem: Shape<T>): Shape<List<K, T>> {
  return (body): body is List<K, T> => isRecord(body) && isListOf(body[name], isItem);
}

export function isPageAnswer<K extends string, T>(name: K, isItem: Shape<T>): Shape<PageOf<K, T>> {
  return (body): body is PageOf<K, T> =>
    isRecord(body) && isListOf(body[name], isItem) && (body['nextCursor'] === undefined || isText(body['nextCursor']));
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isApiKey(value: unknown): value is ApiKeyDto {
  return has(value, 'id', 'name', 'prefix', 'createdAt') && areTextsOrNull(value, 'expiresAt', 'lastUsedAt');
}

export function isMember(value: unknown): value is MemberDto {
  return has(value, 'userId', 'name', 'email', 'role', 'joinedAt');
}

export function isInvitation(value: unknown): value is InvitationDto {
  return has(value, 'id', 'role', 'createdAt', 'expiresAt') && areTextsOrNull(value, 'email');
}

export function isModelInfo(value: unknown): value is ModelInfo {
  return (
    has(value, 'provider', 'id', 'name') && isCount(value['contextWindow']) && typeof value['isDefault'] === 'boolean'
  );
}

/** A page of the folders in one of a runner's folders. */
export type FolderPage = Omit<FolderListing, 'last'> & { nextCursor?: string };

export function isFolderPage(value: unknown): value is FolderPage {
  return (
    has(value, 'path') &&
    (value['nextCursor'] === undefined || isText(value['nextCursor'])) &&
    areTextsOrNull(value, 'parent') &&
    isListOf(value['folders'], (folder) => has(folder, 'name', 'path'))
  );
}

export function isQueuedInput(value: unknown): value is QueuedInput {
  return has(value, 'inputId', 'text', 'deliverAs', 'ts');
}

export function isFork(value: unknown): value is ForkView {
  return (
    isRecord(value) &&
    areTextsOrNull(value, 'parentEntryId') &&
    typeof value['isAhead'] === 'boolean' &&
    isListOf(value['branches'], (branch) => has(branch, 'entryId', 'text', 'ts'))
  );
}

export function isSessionState(value: unknown): value is SessionStateDto {
  return has(value, 'sessionId');
}

export function isMe(value: unknown): value is MeDto {
  return isRecord(value) && has(value['user'], 'name', 'email') && has(value['organisation'], 'name', 'role');
}

export function isSetup(value: unknown): value is SetupDto {
  return has(value, 'registration') && typeof value['hasAccounts'] === 'boolean';
}

function areTextsOrNull(value: Record<string, unknown>, ...names: string[]): boolean {
  return names.every((name) => value[name] === null || isText(value[name]));
}
