ALTER TABLE "Environment"
  ADD COLUMN "baseId" TEXT,
  ADD COLUMN "ownerId" TEXT,
  ADD COLUMN "expiresAt" TIMESTAMP(3),
  ADD COLUMN "warnedAt" TIMESTAMP(3),
  ADD COLUMN "destroyedAt" TIMESTAMP(3);
ALTER TABLE "Environment" ADD CONSTRAINT "Environment_baseId_fkey" FOREIGN KEY ("baseId") REFERENCES "Environment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- The name of a project environment is part of host names: unique in the installation.
CREATE UNIQUE INDEX "Environment_project_name_key" ON "Environment"("name") WHERE "kind" = 'project';

CREATE TABLE "Pipeline" (
  "id" TEXT NOT NULL,
  "teamId" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "repositoryId" TEXT NOT NULL,
  "createdById" TEXT NOT NULL,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "Pipeline_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "Pipeline_repositoryId_key" ON "Pipeline"("repositoryId");
CREATE UNIQUE INDEX "Pipeline_teamId_name_key" ON "Pipeline"("teamId", "name");
ALTER TABLE "Pipeline" ADD CONSTRAINT "Pipeline_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Pipeline" ADD CONSTRAINT "Pipeline_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "App" ADD COLUMN "pipelineId" TEXT;
ALTER TABLE "App" ADD CONSTRAINT "App_pipelineId_fkey" FOREIGN KEY ("pipelineId") REFERENCES "Pipeline"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE UNIQUE INDEX "App_pipelineId_environmentId_key" ON "App"("pipelineId", "environmentId");

ALTER TYPE "ReleaseReason" ADD VALUE 'promotion';
