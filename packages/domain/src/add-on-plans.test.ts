import { describe, expect, it } from 'vitest';
import { parseAttachmentName, parsePlan, volumeBytes, volumePlanName } from './add-on-plans.js';

describe('plans of add-ons', () => {
  it.each(['heroku-postgresql', 'berth-postgresql', 'postgres', 'heroku-postgresql:essential-0'])(
    '%s is the small one',
    (wanted) => {
      const { service, plan } = parsePlan(wanted);
      expect([service.name, plan.name]).toEqual(['heroku-postgresql', 'essential-0']);
    },
  );

  it('knows Redis by its names too, and what each plan takes', () => {
    for (const wanted of ['heroku-redis', 'redis', 'berth-redis:mini'])
      expect(parsePlan(wanted).plan).toMatchObject({ kind: 'redis', name: 'mini', isPersistent: false });
    expect(parsePlan('heroku-redis:premium-1').plan).toMatchObject({
      ...{ humanName: 'Premium 1', dataMiB: 100, memoryMiB: 264, connectionsMax: 80, isPersistent: true },
    });
  });

  it('takes any size of a volume between the smallest and the largest', () => {
    expect(parsePlan('berth-volume').plan).toMatchObject({ kind: 'volume', name: '1gb', sizeBytes: 1024 ** 3 });
    expect(parsePlan('volume:7gb').plan).toMatchObject({ name: '7gb', humanName: '7 GiB', sizeBytes: 7 * 1024 ** 3 });
    expect([volumeBytes('7gb'), volumeBytes('mini')]).toEqual([7 * 1024 ** 3, 0]);
    expect(volumePlanName(7 * 1024 ** 3)).toBe('7gb');
    for (const size of ['0gb', '1001gb'])
      expect(() => parsePlan(`berth-volume:${size}`)).toThrow('A volume has between 1gb and 1000gb.');
    expect(() => parsePlan('berth-volume:big')).toThrow('there are 1gb, 5gb, 20gb, 100gb');
  });

  it('says what there is', () => {
    expect(() => parsePlan('heroku-postgresql:essential-1')).toThrow('Did you mean "essential-0"?');
    expect(() => parsePlan('heroku-kafka')).toThrow(
      'There is no add-on service heroku-kafka; there is heroku-postgresql, heroku-redis, berth-volume.',
    );
  });

  it('names attachments as config vars', () => {
    expect(parseAttachmentName('SHARED_DB')).toBe('SHARED_DB');
    for (const name of ['shared', '1DB', 'A-B', '']) expect(() => parseAttachmentName(name)).toThrow('capital letters');
  });
});
