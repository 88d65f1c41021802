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

export function isReplayed(reflector: Reflector, handler: Parameters<Reflector['get']>[1]): boolean {
  return reflector.get(NotReplayedMark, handler) !== true;
}
