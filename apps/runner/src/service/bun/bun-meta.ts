/** What is used here of Babel's path to a member expression. */
interface Member {
  node: {
    object: { type: string; meta?: { name: string } };
    property: { type: string; name?: string };
    computed: boolean;
  };
  replaceWithSourceString(code: string): void;
}

/**
 * What Bun has on `import.meta` besides `url`, `dirname` and `filename`, which jiti fills in itself. A compiled module is a function that is
 * given these names. A service is never the program.
 */
const FIELDS = new Map([
  ['dir', '__dirname'],
  ['path', '__filename'],
  ['file', `require('node:path').basename(__filename)`],
  ['main', 'false'],
]);

/** A plugin for Babel: without it a module that asks for `import.meta.dir` would not even load. */
export const bunMeta = {
  name: 'bun-meta',
  visitor: {
    MemberExpression(member: Member): void {
      const { object, property, computed } = member.node;
      if (object.type !== 'MetaProperty' || object.meta?.name !== 'import' || computed) return;
      const code = FIELDS.get(property.name ?? '');
      if (code !== undefined) member.replaceWithSourceString(code);
    },
  },
};
