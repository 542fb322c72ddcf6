-- AlterEnum
ALTER TYPE "ReleaseReason" ADD VALUE 'rebase';

-- CreateEnum
CREATE TYPE "BaseKind" AS ENUM ('stack', 'runtime');

-- CreateEnum
CREATE TYPE "RebaseStatus" AS ENUM ('pending', 'running', 'succeeded', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "RebaseAppStatus" AS ENUM ('planned', 'unchanged', 'refused', 'releasing', 'succeeded', 'failed', 'superseded', 'skipped');

-- AlterTable
ALTER TABLE "Image" ADD COLUMN "inputs" JSONB, ADD COLUMN "rebasedFromId" TEXT;

-- CreateTable
CREATE TABLE "Base" (
    "id" TEXT NOT NULL,
    "kind" "BaseKind" NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "packages" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Base_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Rebase" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "status" "RebaseStatus" NOT NULL DEFAULT 'pending',
    "dryRun" BOOLEAN NOT NULL,
    "wish" JSONB NOT NULL,
    "waveSize" INTEGER NOT NULL,
    "errorCode" TEXT,
    "errorMessage" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "plannedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "Rebase_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RebaseApp" (
    "id" TEXT NOT NULL,
    "rebaseId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "wave" INTEGER NOT NULL DEFAULT 0,
    "status" "RebaseAppStatus" NOT NULL,
    "fromImageId" TEXT NOT NULL,
    "toImageId" TEXT,
    "releaseId" TEXT,
    "changes" JSONB NOT NULL DEFAULT '{}',
    "message" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "RebaseApp_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Base_digest_key" ON "Base"("digest");

-- CreateIndex
CREATE INDEX "Base_kind_name_idx" ON "Base"("kind", "name");

-- CreateIndex
CREATE INDEX "Rebase_status_idx" ON "Rebase"("status");

-- CreateIndex
CREATE UNIQUE INDEX "RebaseApp_releaseId_key" ON "RebaseApp"("releaseId");

-- CreateIndex
CREATE INDEX "RebaseApp_appId_idx" ON "RebaseApp"("appId");

-- CreateIndex
CREATE UNIQUE INDEX "RebaseApp_rebaseId_appId_key" ON "RebaseApp"("rebaseId", "appId");

-- AddForeignKey
ALTER TABLE "Image" ADD CONSTRAINT "Image_rebasedFromId_fkey" FOREIGN KEY ("rebasedFromId") REFERENCES "Image"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RebaseApp" ADD CONSTRAINT "RebaseApp_rebaseId_fkey" FOREIGN KEY ("rebaseId") REFERENCES "Rebase"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RebaseApp" ADD CONSTRAINT "RebaseApp_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RebaseApp" ADD CONSTRAINT "RebaseApp_fromImageId_fkey" FOREIGN KEY ("fromImageId") REFERENCES "Image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RebaseApp" ADD CONSTRAINT "RebaseApp_toImageId_fkey" FOREIGN KEY ("toImageId") REFERENCES "Image"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RebaseApp" ADD CONSTRAINT "RebaseApp_releaseId_fkey" FOREIGN KEY ("releaseId") REFERENCES "Release"("id") ON DELETE SET NULL ON UPDATE CASCADE;

