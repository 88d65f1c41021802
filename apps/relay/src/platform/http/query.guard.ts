import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { Request } from 'express';
import { refuseFields } from './validation.pipe.js';

/**
 * Refuses a query where none is read, which would otherwise pass for a limit or a filter that was heeded. Of what a handler does read, the
 * pipe refuses what it does not name.
 */
@Injectable()
export class QueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Request>();
    // Probes of health and metrics have parameters of their own.
    if (!request.originalUrl.includes('?') || !request.originalUrl.startsWith('/api/') || readsQuery(context))
      return true;
    const names = Object.keys(request.query);
    if (names.length > 0) throw refuseFields(names);
    return true;
  }
}

function readsQuery(context: ExecutionContext): boolean {
  const args: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
  const prefix = `${RouteParamtypes.QUERY}:`;
  return typeof args === 'object' && args !== null && Object.keys(args).some((name) => name.startsWith(prefix));
}
