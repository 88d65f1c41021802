import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

/** The OpenAPI document, from the controllers and their DTO classes. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('PizzaPi relay')
    .setDescription('Watch, steer and trigger coding agents. Errors are RFC 9457 problem details with a stable `code`.')
    .setVersion('1')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, 'key')
    .addCookieAuth('pizzapi.login', { type: 'apiKey', in: 'cookie', name: 'pizzapi.login' }, 'login')
    .addSecurityRequirements('key')
    .addSecurityRequirements('login')
    .addGlobalResponse({
      status: 'default',
      description: 'A problem, as RFC 9457 describes it.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
    })
    .build();
  return SwaggerModule.createDocument(app, config, { extraModels: [ProblemDto] });
}
