import { moduleTemplate } from './module-template.js';
import { panelTemplate } from './panel-template.js';

/** The files of a new service by their paths. It works as it is: a trigger that its panel's button fires. */
export function serviceTemplate(name: string): Record<string, string> {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const label = words.join(' ');
  return {
    'manifest.json': `${JSON.stringify(manifest(name, label), null, 2)}\n`,
    'index.ts': moduleTemplate(name, `${words.join('')}Service`),
    'panel/index.html': panelTemplate(label),
  };
}

function manifest(id: string, label: string): object {
  return {
    id,
    label,
    icon: 'sparkles',
    entry: './index.ts',
    panel: { dir: './panel' },
    triggers: [
      {
        type: `${id}:happened`,
        label: 'Happened',
        description: `Somebody pressed the button in the panel of ${label}`,
        schema: {
          type: 'object',
          properties: { note: { type: 'string' }, count: { type: 'integer' } },
          required: ['note', 'count'],
        },
      },
    ],
  };
}
