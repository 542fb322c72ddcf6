-- CreateEnum
CREATE TYPE "CollectionStatus" AS ENUM ('pending', 'running', 'succeeded', 'failed');

-- CreateEnum
CREATE TYPE "CollectionReason" AS ENUM ('schedule', 'low_space', 'person');

-- AlterTable
ALTER TABLE "Environment" ADD COLUMN "keptReleases" INTEGER, ADD COLUMN "keptDays" INTEGER NOT NULL DEFAULT 90;

-- AlterTable
ALTER TABLE "Image" ADD COLUMN "collectedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Source" ADD COLUMN "collectedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "Collection" (
    "id" TEXT NOT NULL,
    "reason" "CollectionReason" NOT NULL,
    "teamId" TEXT,
    "userId" TEXT,
    "dryRun" BOOLEAN NOT NULL DEFAULT false,
    "status" "CollectionStatus" NOT NULL DEFAULT 'pending',
    "plan" JSONB,
    "freedBytes" BIGINT,
    "windowBeganAt" TIMESTAMP(3),
    "windowQuietAt" TIMESTAMP(3),
    "windowEndedAt" TIMESTAMP(3),
    "errorMessage" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "Collection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RegistryPush" (
    "id" TEXT NOT NULL,
    "repository" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "RegistryPush_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DiskLedger" (
    "id" TEXT NOT NULL,
    "measuredAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ledger" JSONB NOT NULL,

    CONSTRAINT "DiskLedger_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Collection_status_idx" ON "Collection"("status");
