import { describe, expect, it } from 'vitest';
import { instanceEnv, webPort } from './instance-env.js';

const work = {
  config: { GREETING: 'hi', PORT: '1', DYNO: 'mine' },
  app: {
    ...{ id: 'a', name: 'blue-sky', environmentId: 'e', environmentKind: 'stable' as const },
    ...{ debugUntil: null, firstSize: 'standard-1x', volumes: [] },
  },
  release: { id: 'r', version: 3 },
  image: {
    repository: 'app/x',
    digest: 'sha256:1',
    commit: 'c0ffee',
    processTypes: [],
    healthcheck: { path: '/', timeoutMs: 60_000, strict: false },
  },
};

describe('instanceEnv', () => {
  it("gives Heroku's variables, which config vars do not change", () => {
    expect(instanceEnv(work, 'web.1', webPort)).toEqual({
      GREETING: 'hi',
      PORT: '8080',
      DYNO: 'web.1',
      HEROKU_APP_NAME: 'blue-sky',
      HEROKU_RELEASE_VERSION: 'v3',
      HEROKU_SLUG_COMMIT: 'c0ffee',
      SOURCE_VERSION: 'c0ffee',
    });
  });

  it('tells no port to what is not routed to', () => {
    expect(instanceEnv({ ...work, config: {} }, 'worker.1')).not.toHaveProperty('PORT');
  });
});
