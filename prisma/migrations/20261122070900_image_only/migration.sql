-- The last step of the ladder of sleep: the containers of an app that is stopped for long are removed.
ALTER TYPE "SleepState" ADD VALUE 'image_only' BEFORE 'waking';
ALTER TYPE "SleepWish" ADD VALUE 'put_away';
