CREATE TABLE "Detour" (
  "id" TEXT NOT NULL,
  "environmentId" TEXT NOT NULL,
  "service" TEXT NOT NULL,
  "userId" TEXT NOT NULL,
  "leaseUntil" TIMESTAMP(3) NOT NULL,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "Detour_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "Detour_environmentId_fkey" FOREIGN KEY ("environmentId") REFERENCES "Environment"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Detour_environmentId_service_key" ON "Detour"("environmentId", "service");
