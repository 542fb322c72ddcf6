import { describe, expect, it } from 'vitest';
import { parseAppJson } from './app-json.js';

const parse = (content: unknown) => parseAppJson(JSON.stringify(content));

describe('parseAppJson', () => {
  it('reads what Berth does', () => {
    const read = parse({
      name: 'Shop',
      description: 'A shop',
      repository: 'https://example.com/shop',
      formation: { web: { quantity: 2, size: 'Standard-2X' }, worker: { quantity: 1 } },
      env: {
        MODE: 'production',
        LIMIT: { value: 5, description: 'At most' },
        SECRET_KEY_BASE: { generator: 'secret' },
        API_KEY: { description: 'From the provider' },
        OPTIONAL: { required: false },
      },
      buildpacks: [{ url: 'https://example.com/pack.git' }],
      cron: [{ command: 'node nightly.js', schedule: '0 3 * * *' }],
      scripts: { postdeploy: 'node seed.js' },
      stack: 'container',
    });
    expect(read).toEqual({
      formation: { web: { quantity: 2, size: 'standard-2x' }, worker: { quantity: 1 } },
      env: [
        { key: 'MODE', value: 'production', isGenerated: false, isRequired: false },
        { key: 'LIMIT', value: '5', description: 'At most', isGenerated: false, isRequired: false },
        { key: 'SECRET_KEY_BASE', isGenerated: true, isRequired: false },
        { key: 'API_KEY', description: 'From the provider', isGenerated: false, isRequired: true },
        { key: 'OPTIONAL', isGenerated: false, isRequired: false },
      ],
      buildpacks: ['https://example.com/pack.git'],
      isContainer: true,
      cron: [{ command: 'node nightly.js', schedule: '0 3 * * *' }],
      postdeploy: 'node seed.js',
      warnings: [],
    });
  });

  it('says what it does not do, and goes on', () => {
    const { warnings, formation, buildpacks } = parse({
      addons: ['heroku-postgresql'],
      environments: { test: {} },
      stack: 'heroku-24',
      formation: { web: { size: 'private-s' } },
      buildpacks: [{ url: 'heroku/nodejs' }],
      scripts: { test: 'npm test' },
    });
    expect(warnings).toEqual([
      'app.json: Berth has no size private-s (formation.web); the default is used.',
      'app.json: "addons" is not supported and is ignored.',
      'app.json: "environments" is not supported and is ignored.',
      'app.json: "scripts.test" is not supported and is ignored.',
      'app.json: the stack heroku-24 is berth-13 here.',
      "app.json: the buildpack heroku/nodejs is not run; Berth's own one does its work when it matches.",
    ]);
    expect({ formation, buildpacks }).toEqual({ formation: { web: {} }, buildpacks: [] });
  });

  it.each([
    [[], 'app.json: it is not an object.'],
    [{ formation: [] }, 'app.json: formation is an object.'],
    [{ formation: { web: 2 } }, 'app.json: formation.web is an object with quantity and size.'],
    [{ formation: { web: { quantity: '2' } } }, 'app.json: formation.web.quantity is a whole number.'],
    [{ formation: { web: { quantity: 101 } } }, 'app.json: formation.web.quantity is more than 100.'],
    [{ env: { A: [] } }, 'app.json: env.A is a text, or an object with description, value, required and generator.'],
    [{ env: { 'A-B': '1' } }, 'app.json: env: "A-B" is not the name of a config var.'],
    [{ buildpacks: ['heroku/nodejs'] }, 'app.json: buildpacks.0 is an object with url.'],
    [{ scripts: { postdeploy: 1 } }, 'app.json: scripts.postdeploy is a command: a text.'],
    [{ cron: [{ command: 'x', schedule: 'often' }] }, 'app.json: cron.0.schedule is a schedule of five fields, UTC.'],
  ])('%j is refused with one sentence', (content, message) => {
    expect(() => parse(content)).toThrow(message);
  });

  it('says that a file is not JSON', () => {
    expect(() => parseAppJson('{ "name": "x", }')).toThrow(/^app.json is not JSON: /);
  });
});
