import { expect, test } from 'vitest';
import { OpenShells } from './open-shells.js';

const place = (userId: string, teamId = 'team', appId = 'app') => ({ userId, teamId, appId });
const sentence = (text: string) => expect.objectContaining({ code: 'rate_limited', message: text });

test('an app has a shell until the last of them is closed', () => {
  const shells = new OpenShells();
  const [first, second] = [shells.add(place('ann')), shells.add(place('ann'))];
  first();
  first();
  expect([shells.has('app'), shells.has('other')]).toEqual([true, false]);
  second();
  expect(shells.has('app')).toBe(false);
});

test('nobody has more than ten, and a team no more than thirty; who closes one may open another', () => {
  const shells = new OpenShells();
  const ends = ['ann', 'bob', 'eve'].map((userId) => Array.from({ length: 10 }, () => shells.add(place(userId))));
  expect(() => shells.add(place('ann', 'other'))).toThrow(
    sentence('You have 10 shells open already: close one and try again.'),
  );
  expect(() => shells.add(place('joe'))).toThrow(
    sentence('Your team has 30 shells open already: close one and try again.'),
  );
  shells.add(place('joe', 'other'));
  ends[0]?.[0]?.();
  shells.add(place('joe'));
});
