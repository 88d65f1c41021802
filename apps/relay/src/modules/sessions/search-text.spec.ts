import { describe, expect, it } from 'vitest';
import { foldText, likePattern, searchTextOf } from './search-text.js';

describe('search text', () => {
  it('folds case beyond ASCII, and one and two code points alike', () => {
    expect(foldText('ÄRGER Отладка')).toBe('ärger отладка');
    expect(foldText('A\u0308')).toBe(foldText('\u00c4'));
  });

  it('holds name, folder and model, and no trace of what is missing', () => {
    expect(searchTextOf({ name: 'Fix', cwd: '/srv/App', modelProvider: 'Demo', modelId: 'M1' })).toBe(
      'fix\n/srv/app\ndemo\nm1',
    );
    expect(searchTextOf({ name: 'Fix', cwd: '', modelProvider: null, modelId: null })).toBe('fix');
  });

  it('takes the wildcards of LIKE literally', () => {
    expect(likePattern('50%_\\')).toBe('%50\\%\\_\\\\%');
  });
});
