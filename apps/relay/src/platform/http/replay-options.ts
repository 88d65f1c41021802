import { Reflector } from '@nestjs/core';

/**
 * Fields of the answer that are shown once: left out when a repeated POST gets its first answer again, and never kept.
 */
export const ShownOnce = Reflector.createDecorator<readonly string[]>();

/** A POST that makes nothing lasting and whose answer must not be kept, such as a login. */
export const NotReplayed = Reflector.createDecorator<true>();
