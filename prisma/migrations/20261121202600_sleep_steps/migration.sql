ALTER TYPE "SleepWish" ADD VALUE 'push_out';

ALTER TYPE "SleepWish" ADD VALUE 'stop';
