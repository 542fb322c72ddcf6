-- Ready images that people push, releases of them, and the registry that an environment's images are pulled from.
ALTER TYPE "ReleaseReason" ADD VALUE 'image';

CREATE TYPE "ImageRegistry" AS ENUM ('dev', 'production');
ALTER TABLE "Environment" ADD COLUMN "registry" "ImageRegistry" NOT NULL DEFAULT 'dev';

CREATE TABLE "ImageUpload" (
    "appId" TEXT NOT NULL,
    "processType" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "handled" JSONB NOT NULL DEFAULT '{}',
    "checkUntil" TIMESTAMP(3) NOT NULL,
    "checkedAt" TIMESTAMP(3),

    CONSTRAINT "ImageUpload_pkey" PRIMARY KEY ("appId", "processType"),
    CONSTRAINT "ImageUpload_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
