import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';

/** What may follow our own commands: pi keeps no place for it. */
export const SESSION_COMMAND_HINTS: ReadonlyMap<string, string> = new Map([
  ['compact', '[what to keep]'],
  ['name', '<name>'],
]);

/** pi's commands that make sense without a terminal. */
export const sessionCommands: ExtensionFactory = (pi) => {
  pi.registerCommand('compact', {
    description: 'Summarise the conversation so far, to make room in the context',
    handler: (args, ctx) => {
      const customInstructions = args.trim();
      return new Promise((resolve) => {
        // How it ended, pi says by an event of its own.
        ctx.compact({
          ...(customInstructions === '' ? {} : { customInstructions }),
          onComplete: () => resolve(),
          onError: () => resolve(),
        });
      });
    },
  });
  pi.registerCommand('name', {
    description: 'Give the session a name',
    handler: async (args) => {
      const name = args.trim();
      if (name === '') throw new Error('Write the name behind it: /name Release notes.');
      await Promise.resolve(pi.setSessionName(name.slice(0, 200)));
    },
  });
};
