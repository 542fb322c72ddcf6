ALTER TABLE "Environment" ADD COLUMN "data" JSONB;
