ALTER TABLE "Environment" ADD COLUMN "sleep" JSONB NOT NULL DEFAULT '{}';

ALTER TABLE "Route" ADD COLUMN "lastRequestAt" TIMESTAMP(3);

CREATE TYPE "SleepState" AS ENUM ('awake', 'falling_asleep', 'frozen', 'pushed_out', 'stopped', 'waking');

CREATE TYPE "SleepWish" AS ENUM ('sleep', 'wake');

CREATE TABLE "Sleep" (
    "appId" TEXT NOT NULL,
    "state" "SleepState" NOT NULL DEFAULT 'awake',
    "since" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rolloutId" TEXT,
    "asleepAt" TIMESTAMP(3),
    "memoryBytes" BIGINT NOT NULL DEFAULT 0,
    "freedBytes" BIGINT NOT NULL DEFAULT 0,
    "isExempt" BOOLEAN NOT NULL DEFAULT false,
    "asked" "SleepWish",
    "sleptMs" BIGINT NOT NULL DEFAULT 0,
    "savedMibSeconds" BIGINT NOT NULL DEFAULT 0,
    "wakes" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Sleep_pkey" PRIMARY KEY ("appId")
);

CREATE INDEX "Sleep_state_idx" ON "Sleep"("state");

ALTER TABLE "Sleep" ADD CONSTRAINT "Sleep_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;
