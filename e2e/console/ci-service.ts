export const TYPE = 'ci:finished';

/** A service that tells of builds. */
export const CI = {
  id: 'ci',
  label: 'Builds',
  triggers: [
    {
      type: TYPE,
      label: 'Build finished',
      description: 'A build of the project has ended.',
      schema: {
        type: 'object',
        required: ['build', 'status'],
        properties: {
          build: { type: 'integer', description: 'Its number' },
          status: { enum: ['passed', 'failed'] },
          branch: { type: 'string' },
        },
      },
    },
  ],
};
