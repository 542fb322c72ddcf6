import { describe, expect, it } from 'vitest';
import { checkRoom, type Room } from './check-room.js';

const MiB = 1024 * 1024;
const room = (more: Partial<Room> = {}): Room => ({
  ...{ availableBytes: 1_000 * MiB, headroomBytes: 600 * MiB, comingBytes: 0, spareBytes: 0 },
  ...more,
});
const check = (needs: number, of?: Partial<Room>) => () => checkRoom('red', needs * MiB, room(of));

describe('the room for an environment', () => {
  it('is what is available beside the headroom', () => {
    expect(check(400)).not.toThrow();
    expect(check(401)).toThrow(
      'The host has too little memory for red: its services are expected to take 401 MiB, and beside the 600 MiB that stay free 400 MiB are left, also when all sleeps that may.',
    );
  });

  it('is less by what is coming, and more by what comes back', () => {
    expect(check(400, { comingBytes: MiB })).toThrow('399 MiB are left');
    expect(check(450, { spareBytes: 50 * MiB })).not.toThrow();
    expect(check(1_000, { spareBytes: 9_000 * MiB })).not.toThrow();
    expect(check(1_001, { spareBytes: 9_000 * MiB })).toThrow('1000 MiB are left');
  });

  it('is none, and no less, where the headroom is used; what takes nothing always fits', () => {
    expect(check(1, { availableBytes: 0 })).toThrow(' 0 MiB are left');
    expect(check(0, { availableBytes: 600 * MiB })).not.toThrow();
  });
});
