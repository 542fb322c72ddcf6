import { expect, test } from 'vitest';
import { OpenShells } from './open-shells.js';

const owner = (userId: string, teamId = 'team') => ({ userId, teamId });
const sentence = (text: string) => expect.objectContaining({ code: 'rate_limited', message: text });

test('nobody has more than ten, and a team no more than thirty; who closes one may open another', () => {
  const shells = new OpenShells();
  const ends = ['ann', 'bob', 'eve'].map((userId) => Array.from({ length: 10 }, () => shells.add(owner(userId))));
  const fullTeam = sentence('Your team has 30 shells open already: close one and try again.');
  expect(() => shells.add(owner('ann', 'other'))).toThrow(
    sentence('You have 10 shells open already: close one and try again.'),
  );
  expect(() => shells.add(owner('joe'))).toThrow(fullTeam);
  shells.add(owner('joe', 'other'));
  const close = ends[0]?.[0] ?? (() => {});
  close();
  close(); // counts once
  shells.add(owner('joe'));
  expect(() => shells.add(owner('joe'))).toThrow(fullTeam);
});
