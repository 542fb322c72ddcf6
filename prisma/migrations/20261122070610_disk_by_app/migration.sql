-- AlterTable
ALTER TABLE "DiskLedger" ADD COLUMN     "bytesByApp" JSONB NOT NULL DEFAULT '{}';
