-- Which registry the engine pulls a release's image from.
ALTER TABLE "Release" ADD COLUMN "registry" "ImageRegistry" NOT NULL DEFAULT 'dev';
