CREATE TYPE "OneOffStatus" AS ENUM ('pending', 'running', 'succeeded', 'failed', 'cancelled');

CREATE TABLE "OneOff" (
  "id" TEXT NOT NULL,
  "appId" TEXT NOT NULL,
  "userId" TEXT NOT NULL,
  "processType" TEXT NOT NULL DEFAULT 'run',
  "number" INTEGER NOT NULL,
  "command" TEXT NOT NULL,
  "size" TEXT NOT NULL,
  "status" "OneOffStatus" NOT NULL DEFAULT 'pending',
  "isAttached" BOOLEAN NOT NULL,
  "hasTerminal" BOOLEAN NOT NULL,
  "secretHash" TEXT,
  "env" TEXT NOT NULL,
  "timeLimit" INTEGER NOT NULL,
  "isStopAsked" BOOLEAN NOT NULL DEFAULT false,
  "version" INTEGER,
  "exitCode" INTEGER,
  "message" TEXT,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "startedAt" TIMESTAMP(3),
  "endedAt" TIMESTAMP(3),
  "updatedAt" TIMESTAMP(3) NOT NULL,
  CONSTRAINT "OneOff_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "OneOff_secretHash_key" ON "OneOff"("secretHash");
CREATE UNIQUE INDEX "OneOff_appId_processType_number_key" ON "OneOff"("appId", "processType", "number");
CREATE INDEX "OneOff_status_idx" ON "OneOff"("status");
ALTER TABLE "OneOff" ADD CONSTRAINT "OneOff_appId_fkey" FOREIGN KEY ("appId") REFERENCES "App"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "PromotionGate" (
  "promotionId" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "path" TEXT,
  "command" TEXT,
  "message" TEXT,
  "output" TEXT,
  "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "endedAt" TIMESTAMP(3),
  CONSTRAINT "PromotionGate_pkey" PRIMARY KEY ("promotionId", "position")
);
ALTER TABLE "PromotionGate" ADD CONSTRAINT "PromotionGate_promotionId_fkey" FOREIGN KEY ("promotionId") REFERENCES "Promotion"("id") ON DELETE CASCADE ON UPDATE CASCADE;
