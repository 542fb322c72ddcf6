-- Review apps of a pipeline, as Heroku's command line knows them.
CREATE TABLE "ReviewAppConfig" (
    "pipelineId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "isAutomatic" BOOLEAN NOT NULL DEFAULT false,
    "staleDays" INTEGER,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ReviewAppConfig_pkey" PRIMARY KEY ("pipelineId")
);
ALTER TABLE "ReviewAppConfig" ADD CONSTRAINT "ReviewAppConfig_pipelineId_fkey" FOREIGN KEY ("pipelineId") REFERENCES "Pipeline"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a git hosting's deliveries led to.
CREATE TYPE "DeliveryOutcome" AS ENUM ('made', 'destroyed', 'nothing', 'refused');
CREATE TABLE "HookDelivery" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "service" TEXT,
    "branch" TEXT,
    "environment" TEXT,
    "outcome" "DeliveryOutcome" NOT NULL,
    "message" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "HookDelivery_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "HookDelivery_teamId_createdAt_idx" ON "HookDelivery"("teamId", "createdAt");
ALTER TABLE "HookDelivery" ADD CONSTRAINT "HookDelivery_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "PullRequestHook"("teamId") ON DELETE CASCADE ON UPDATE CASCADE;
