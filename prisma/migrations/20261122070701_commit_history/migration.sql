-- AlterTable
ALTER TABLE "Source" ADD COLUMN "history" TEXT NOT NULL DEFAULT '';
