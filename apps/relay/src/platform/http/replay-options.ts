import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';

/**
 * Fields of the answer that are shown once: left out when a repeated POST gets its first answer again, and never kept.
 */
export const ShownOnce = Reflector.createDecorator<readonly string[]>();

const NotReplayedMark = Reflector.createDecorator<true>();
export const NOT_REPLAYED = 'x-not-replayed';

/** A POST that makes nothing lasting and whose answer must not be kept, such as a login. */
export const NotReplayed = (): MethodDecorator =>
  applyDecorators(NotReplayedMark(true), ApiExtension(NOT_REPLAYED, true));

/**
 * A POST whose body the record cannot compare, such as an upload, which is read only by the handler: with the same key the handler runs again,
 * with the operation id of the first time, by which it finds what it made and refuses another body.
 */
export const ComparedByHandler = Reflector.createDecorator<true>();

export function isReplayed(reflector: Reflector, handler: Parameters<Reflector['get']>[1]): boolean {
  return reflector.get(NotReplayedMark, handler) !== true;
}
