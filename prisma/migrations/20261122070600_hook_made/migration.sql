-- Whose an environment is says no longer what made it.
ALTER TABLE "Environment" ADD COLUMN     "isHookMade" BOOLEAN NOT NULL DEFAULT false;
-- Until now: what belongs to who set the team's hook, and has nothing but branches.
UPDATE "Environment" SET "isHookMade" = true
FROM "PullRequestHook"
WHERE "PullRequestHook"."teamId" = "Environment"."teamId" AND "PullRequestHook"."userId" = "Environment"."ownerId"
  AND "Environment"."kind" = 'project' AND "Environment"."destroyedAt" IS NULL
  AND NOT EXISTS (
    SELECT 1 FROM "App" JOIN "ProjectService" ON "ProjectService"."appId" = "App"."id"
    WHERE "App"."environmentId" = "Environment"."id" AND "App"."destroyedAt" IS NULL AND "ProjectService"."branch" IS NULL
  );

-- AlterTable
ALTER TABLE "PullRequestHook" ADD COLUMN     "untilMerged" BOOLEAN NOT NULL DEFAULT true;
