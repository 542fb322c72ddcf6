-- A promotion outlives the app that it came from: a project environment's goes, its history stays.
ALTER TABLE "Promotion" ADD COLUMN "sourceName" TEXT;
ALTER TABLE "Promotion" ADD COLUMN "sourceEnvironment" TEXT;
UPDATE "Promotion" SET "sourceName" = split_part("App"."name", '~', 1), "sourceEnvironment" = "Environment"."name"
  FROM "App" JOIN "Environment" ON "Environment"."id" = "App"."environmentId" WHERE "App"."id" = "Promotion"."sourceAppId";
ALTER TABLE "Promotion" ALTER COLUMN "sourceName" SET NOT NULL;
ALTER TABLE "Promotion" ALTER COLUMN "sourceEnvironment" SET NOT NULL;
ALTER TABLE "Promotion" ALTER COLUMN "sourceAppId" DROP NOT NULL;
ALTER TABLE "Promotion" DROP CONSTRAINT "Promotion_sourceAppId_fkey";
ALTER TABLE "Promotion" ADD CONSTRAINT "Promotion_sourceAppId_fkey" FOREIGN KEY ("sourceAppId") REFERENCES "App"("id") ON DELETE SET NULL ON UPDATE CASCADE;
