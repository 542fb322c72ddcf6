ALTER TABLE "AddOn" ADD COLUMN "insteadOfId" TEXT;
CREATE INDEX "AddOn_insteadOfId_idx" ON "AddOn"("insteadOfId");
