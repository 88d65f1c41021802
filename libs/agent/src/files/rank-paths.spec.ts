import { describe, expect, it } from 'vitest';
import { rankPaths, withFolders } from './rank-paths.js';

const FILES = [
  'README.md',
  'src/app/app.ts',
  'src/app/app.spec.ts',
  'src/app/map/map-view.ts',
  'src/main.ts',
  'docs/mapping.md',
  'docs/old app/Notes.md',
  'test/bitmap.ts',
];
const found = withFolders(FILES);
const ranked = (query: string): string[] =>
  [...rankPaths(found, query)].map(({ path, isFolder }) => (isFolder ? `${path}/` : path));

describe('files that fit what is typed', () => {
  it('are all, those at the top first, with their folders, where nothing is typed yet', () => {
    expect(ranked('')).toEqual([
      'src/',
      'docs/',
      'test/',
      'README.md',
      'src/app/',
      'src/main.ts',
      'docs/old app/',
      'test/bitmap.ts',
      'docs/mapping.md',
      'src/app/map/',
      'src/app/app.ts',
      'src/app/app.spec.ts',
      'docs/old app/Notes.md',
      'src/app/map/map-view.ts',
    ]);
  });

  it('have it as their name before its beginning, a word, an inside, the path and letters in order', () => {
    expect(ranked('map')).toEqual(['src/app/map/', 'docs/mapping.md', 'src/app/map/map-view.ts', 'test/bitmap.ts']);
    expect(ranked('APP')).toEqual([
      'src/app/',
      'src/app/app.ts',
      'src/app/app.spec.ts',
      'docs/old app/',
      'docs/mapping.md',
      'src/app/map/',
      'docs/old app/Notes.md',
      'src/app/map/map-view.ts',
    ]);
    expect(ranked('view')).toEqual(['src/app/map/map-view.ts']);
    expect(ranked('mpvw')).toEqual(['src/app/map/map-view.ts']);
    expect(ranked('xyz')).toEqual([]);
  });

  it('are in a folder that is typed', () => {
    expect(ranked('src/app/')).toEqual([
      'src/app/map/',
      'src/app/app.ts',
      'src/app/app.spec.ts',
      'src/app/map/map-view.ts',
    ]);
    expect(ranked('./src/ma')).toEqual(['src/main.ts', 'src/app/map/', 'src/app/map/map-view.ts']);
    expect(ranked('app/map')[0]).toBe('src/app/map/');
    expect(ranked('../')).toEqual([]);
  });
});
