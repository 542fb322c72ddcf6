import { describe, expect, it } from 'vitest';
import { parseScope } from './token-signer.js';

describe('a scope of the registry', () => {
  it('is a type, a name and actions', () => {
    expect(parseScope('repository:app/x:pull,push')).toEqual({
      type: 'repository',
      name: 'app/x',
      actions: ['pull', 'push'],
    });
    expect(parseScope('registry:catalog:*')).toEqual({ type: 'registry', name: 'catalog', actions: ['*'] });
    for (const wrong of ['', 'repository', 'repository:x', 'a b:c:d']) expect(parseScope(wrong)).toBeUndefined();
  });
});
