-- AlterTable
ALTER TABLE "PullRequestHook" ADD COLUMN     "branches" TEXT;
