ALTER TABLE "Build" ADD COLUMN "peakMemoryBytes" BIGINT;
