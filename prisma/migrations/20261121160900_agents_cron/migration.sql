-- AlterTable
ALTER TABLE "Image" ADD COLUMN "agents" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "Image" ADD COLUMN "cron" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "Image" ADD COLUMN "postdeploy" TEXT;

-- CreateEnum
CREATE TYPE "CronRunStatus" AS ENUM ('pending', 'running', 'succeeded', 'failed', 'skipped');

-- CreateTable
CREATE TABLE "CronJob" (
    "appId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "schedule" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "size" TEXT,
    "nextAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "CronJob_pkey" PRIMARY KEY ("appId", "position")
);

-- CreateTable
CREATE TABLE "CronRun" (
    "id" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "scheduledAt" TIMESTAMP(3) NOT NULL,
    "command" TEXT NOT NULL,
    "size" TEXT,
    "status" "CronRunStatus" NOT NULL DEFAULT 'pending',
    "version" INTEGER,
    "exitCode" INTEGER,
    "message" TEXT,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "CronRun_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "CronJob_nextAt_idx" ON "CronJob"("nextAt");

-- CreateIndex
CREATE UNIQUE INDEX "CronRun_appId_position_scheduledAt_key" ON "CronRun"("appId", "position", "scheduledAt");

-- CreateIndex
CREATE INDEX "CronRun_status_idx" ON "CronRun"("status");

-- AddForeignKey
ALTER TABLE "CronJob" ADD CONSTRAINT "CronJob_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CronRun" ADD CONSTRAINT "CronRun_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;
