ALTER TABLE "Environment" ADD COLUMN "untilMerged" BOOLEAN NOT NULL DEFAULT false;

CREATE TYPE "ServiceStatus" AS ENUM ('pending', 'building', 'starting', 'ready', 'failed');

CREATE TABLE "ProjectService" (
  "appId" TEXT NOT NULL,
  "wish" INTEGER NOT NULL DEFAULT 1,
  "userId" TEXT NOT NULL,
  "branch" TEXT,
  "commit" TEXT,
  "imageId" TEXT,
  "status" "ServiceStatus" NOT NULL DEFAULT 'pending',
  "buildId" TEXT,
  "releaseId" TEXT,
  "errorMessage" TEXT,
  "isAhead" BOOLEAN NOT NULL DEFAULT false,
  "mergedAt" TIMESTAMP(3),
  "askedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "endedAt" TIMESTAMP(3),
  CONSTRAINT "ProjectService_pkey" PRIMARY KEY ("appId")
);
CREATE INDEX "ProjectService_status_idx" ON "ProjectService"("status");
CREATE INDEX "ProjectService_buildId_idx" ON "ProjectService"("buildId");
ALTER TABLE "ProjectService" ADD CONSTRAINT "ProjectService_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;
