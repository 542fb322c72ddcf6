ALTER TABLE "Environment" ADD COLUMN "policy" JSONB NOT NULL DEFAULT '{}';
-- A promotion to production asks for a second person, unless that is switched off.
UPDATE "Environment" SET "policy" = '{"approvals": 1}' WHERE "kind" = 'stable' AND "name" = 'production';

CREATE TYPE "PromotionStatus" AS ENUM ('pending', 'running', 'succeeded', 'failed', 'cancelled');

CREATE TABLE "Promotion" (
  "id" TEXT NOT NULL,
  "pipelineId" TEXT NOT NULL,
  "userId" TEXT NOT NULL,
  "sourceAppId" TEXT NOT NULL,
  "sourceVersion" INTEGER NOT NULL,
  "targetAppId" TEXT NOT NULL,
  "imageId" TEXT NOT NULL,
  "status" "PromotionStatus" NOT NULL DEFAULT 'pending',
  "approvalsWanted" INTEGER NOT NULL DEFAULT 0,
  "releaseId" TEXT,
  "errorCode" TEXT,
  "errorMessage" TEXT,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "startedAt" TIMESTAMP(3),
  "endedAt" TIMESTAMP(3),
  CONSTRAINT "Promotion_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "Promotion_releaseId_key" ON "Promotion"("releaseId");
CREATE INDEX "Promotion_pipelineId_createdAt_idx" ON "Promotion"("pipelineId", "createdAt");
CREATE INDEX "Promotion_targetAppId_status_idx" ON "Promotion"("targetAppId", "status");
ALTER TABLE "Promotion" ADD CONSTRAINT "Promotion_pipelineId_fkey" FOREIGN KEY ("pipelineId") REFERENCES "Pipeline"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Promotion" ADD CONSTRAINT "Promotion_sourceAppId_fkey" FOREIGN KEY ("sourceAppId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Promotion" ADD CONSTRAINT "Promotion_targetAppId_fkey" FOREIGN KEY ("targetAppId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Promotion" ADD CONSTRAINT "Promotion_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Promotion" ADD CONSTRAINT "Promotion_releaseId_fkey" FOREIGN KEY ("releaseId") REFERENCES "Release"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TABLE "PromotionApproval" (
  "promotionId" TEXT NOT NULL,
  "userId" TEXT NOT NULL,
  "isApproved" BOOLEAN NOT NULL,
  "comment" TEXT NOT NULL DEFAULT '',
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "PromotionApproval_pkey" PRIMARY KEY ("promotionId", "userId")
);
ALTER TABLE "PromotionApproval" ADD CONSTRAINT "PromotionApproval_promotionId_fkey" FOREIGN KEY ("promotionId") REFERENCES "Promotion"("id") ON DELETE CASCADE ON UPDATE CASCADE;
