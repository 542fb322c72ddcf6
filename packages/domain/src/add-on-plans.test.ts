import { describe, expect, it } from 'vitest';
import { parseAttachmentName, parsePlan } from './add-on-plans.js';

describe('plans of add-ons', () => {
  it.each(['heroku-postgresql', 'berth-postgresql', 'postgres', 'heroku-postgresql:essential-0'])(
    '%s is the small one',
    (wanted) => {
      const { service, plan } = parsePlan(wanted);
      expect([service.name, plan.name]).toEqual(['heroku-postgresql', 'essential-0']);
    },
  );

  it('says what there is', () => {
    expect(() => parsePlan('heroku-postgresql:essential-1')).toThrow('Did you mean "essential-0"?');
    expect(() => parsePlan('heroku-redis')).toThrow(
      'There is no add-on service heroku-redis; there is heroku-postgresql.',
    );
  });

  it('names attachments as config vars', () => {
    expect(parseAttachmentName('SHARED_DB')).toBe('SHARED_DB');
    for (const name of ['shared', '1DB', 'A-B', '']) expect(() => parseAttachmentName(name)).toThrow('capital letters');
  });
});
