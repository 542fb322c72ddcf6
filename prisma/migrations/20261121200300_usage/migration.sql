CREATE TABLE "UsageHour" (
  "appId" TEXT NOT NULL,
  "hour" TIMESTAMP(3) NOT NULL,
  "teamId" TEXT NOT NULL,
  "environment" TEXT NOT NULL,
  "app" TEXT NOT NULL,
  "cpuMs" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "memoryMiBSeconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "awakeSeconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "asleepSeconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
  CONSTRAINT "UsageHour_pkey" PRIMARY KEY ("appId", "hour")
);
CREATE INDEX "UsageHour_teamId_hour_idx" ON "UsageHour"("teamId", "hour");
