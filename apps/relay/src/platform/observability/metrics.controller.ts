import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../http/public.js';
import { registry } from './metrics.js';

/** For Prometheus. Holds counts only, nothing of anyone's. */
@Controller('metrics')
@ApiExcludeController()
export class MetricsController {
  @Get()
  @Public()
  @Header('content-type', registry.contentType)
  read(): Promise<string> {
    return registry.metrics();
  }
}
