import { Reflector } from '@nestjs/core';

/** Marks a handler (or a whole controller) that needs no credential. Everything else does. */
const PublicMark = Reflector.createDecorator<true>();
export const Public = (): MethodDecorator & ClassDecorator => PublicMark(true);

/** Whether the handler or its controller is marked {@link Public}. */
export function isPublic(reflector: Reflector, targets: Parameters<Reflector['getAllAndOverride']>[1]): boolean {
  return reflector.getAllAndOverride(PublicMark, targets) === true;
}
