-- AlterTable
ALTER TABLE "AddOn" ADD COLUMN "mountPath" TEXT;
