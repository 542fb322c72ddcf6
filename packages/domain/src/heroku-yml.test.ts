import { describe, expect, it } from 'vitest';
import { parseHerokuYml } from './heroku-yml.js';

describe('heroku.yml', () => {
  it('is read in the words of berth.yaml', () => {
    const text = `setup:
  addons: []
build:
  docker:
    web: deploy/Dockerfile
    worker: deploy/Dockerfile
  config:
    RAILS_ENV: production
release:
  image: web
  command:
    - ./migrate.sh
run:
  web: bundle exec puma
  worker: { command: [bin/worker], image: web }
  console: { image: web }
`;
    expect(parseHerokuYml(text)).toEqual({
      dockerfile: { path: 'deploy/Dockerfile', args: { RAILS_ENV: 'production' } },
      processes: {
        web: { command: 'bundle exec puma', singleton: false },
        worker: { command: 'bin/worker', singleton: false },
        release: { command: './migrate.sh', singleton: false },
      },
      warnings: ['heroku.yml: "setup" is not supported and is ignored.'],
    });
  });

  it.each([
    ['build:\n  docker:\n    web: A\n    worker: B\n', 'heroku.yml line 4: one Dockerfile for all process types'],
    ['build:\n  docker: Dockerfile\n', 'heroku.yml line 2: build.docker is a map'],
    ['run:\n  web: 3\n', 'heroku.yml line 2: run.web is a command'],
  ])('%j is refused', (text, message) => {
    expect(() => parseHerokuYml(text)).toThrow(message);
  });
});
