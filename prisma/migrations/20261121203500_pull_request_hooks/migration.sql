CREATE TABLE "PullRequestHook" (
  "teamId" TEXT NOT NULL,
  "userId" TEXT NOT NULL,
  "secret" TEXT NOT NULL,
  "baseId" TEXT NOT NULL,
  "pattern" TEXT NOT NULL DEFAULT '{branch}',
  "ttlHours" INTEGER NOT NULL,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "PullRequestHook_pkey" PRIMARY KEY ("teamId")
);
ALTER TABLE "PullRequestHook" ADD CONSTRAINT "PullRequestHook_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "PullRequestHook" ADD CONSTRAINT "PullRequestHook_baseId_fkey" FOREIGN KEY ("baseId") REFERENCES "Environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
