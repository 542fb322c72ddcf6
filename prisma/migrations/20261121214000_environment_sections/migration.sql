-- What differs by environment, and which services go first, as berth.yaml of the image's commit said.
ALTER TABLE "Image" ADD COLUMN "environments" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "Image" ADD COLUMN "needs" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "Release" ADD COLUMN "sections" TEXT[] DEFAULT ARRAY[]::TEXT[];
