ALTER TABLE "ConfigVar"
  ADD COLUMN "isSecret" BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN "isReference" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "TeamConfigVar" (
  "teamId" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "isSecret" BOOLEAN NOT NULL DEFAULT true,
  "isReference" BOOLEAN NOT NULL DEFAULT false,
  "updatedAt" TIMESTAMP(3) NOT NULL,
  CONSTRAINT "TeamConfigVar_pkey" PRIMARY KEY ("teamId", "key")
);
ALTER TABLE "TeamConfigVar" ADD CONSTRAINT "TeamConfigVar_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "EnvironmentConfigVar" (
  "environmentId" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "isSecret" BOOLEAN NOT NULL DEFAULT true,
  "isReference" BOOLEAN NOT NULL DEFAULT false,
  "updatedAt" TIMESTAMP(3) NOT NULL,
  CONSTRAINT "EnvironmentConfigVar_pkey" PRIMARY KEY ("environmentId", "key")
);
ALTER TABLE "EnvironmentConfigVar" ADD CONSTRAINT "EnvironmentConfigVar_environmentId_fkey" FOREIGN KEY ("environmentId") REFERENCES "Environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "Release" ADD COLUMN "ownConfig" JSONB;

CREATE TYPE "AddOnStatus" AS ENUM ('provisioning', 'provisioned', 'failed', 'deprovisioning');
CREATE TABLE "AddOn" (
  "id" TEXT NOT NULL,
  "teamId" TEXT NOT NULL,
  "appId" TEXT,
  "name" TEXT NOT NULL,
  "service" TEXT NOT NULL,
  "plan" TEXT NOT NULL,
  "status" "AddOnStatus" NOT NULL DEFAULT 'provisioning',
  "database" TEXT NOT NULL,
  "copyOfId" TEXT,
  "maskScript" TEXT,
  "errorMessage" TEXT,
  "createdById" TEXT NOT NULL,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMP(3) NOT NULL,
  CONSTRAINT "AddOn_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "AddOn_name_key" ON "AddOn"("name");
CREATE UNIQUE INDEX "AddOn_database_key" ON "AddOn"("database");
CREATE INDEX "AddOn_teamId_idx" ON "AddOn"("teamId");
CREATE INDEX "AddOn_appId_idx" ON "AddOn"("appId");
ALTER TABLE "AddOn" ADD CONSTRAINT "AddOn_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "AddOn" ADD CONSTRAINT "AddOn_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "AddOn" ADD CONSTRAINT "AddOn_copyOfId_fkey" FOREIGN KEY ("copyOfId") REFERENCES "AddOn"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TYPE "CredentialStatus" AS ENUM ('pending', 'active', 'retiring');
CREATE TABLE "AddOnCredential" (
  "id" TEXT NOT NULL,
  "addOnId" TEXT NOT NULL,
  "generation" INTEGER NOT NULL,
  "user" TEXT NOT NULL,
  "password" TEXT NOT NULL,
  "status" "CredentialStatus" NOT NULL DEFAULT 'pending',
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "AddOnCredential_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "AddOnCredential_user_key" ON "AddOnCredential"("user");
CREATE UNIQUE INDEX "AddOnCredential_addOnId_generation_key" ON "AddOnCredential"("addOnId", "generation");
-- One of each kind at a time.
CREATE UNIQUE INDEX "AddOnCredential_addOnId_status_key" ON "AddOnCredential"("addOnId", "status");
ALTER TABLE "AddOnCredential" ADD CONSTRAINT "AddOnCredential_addOnId_fkey" FOREIGN KEY ("addOnId") REFERENCES "AddOn"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "Attachment" (
  "id" TEXT NOT NULL,
  "addOnId" TEXT NOT NULL,
  "appId" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "Attachment_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "Attachment_appId_name_key" ON "Attachment"("appId", "name");
CREATE INDEX "Attachment_addOnId_idx" ON "Attachment"("addOnId");
ALTER TABLE "Attachment" ADD CONSTRAINT "Attachment_addOnId_fkey" FOREIGN KEY ("addOnId") REFERENCES "AddOn"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Attachment" ADD CONSTRAINT "Attachment_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;
