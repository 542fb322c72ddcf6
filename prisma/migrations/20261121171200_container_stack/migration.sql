-- heroku stack:set container.
ALTER TABLE "App" ADD COLUMN "isContainer" BOOLEAN NOT NULL DEFAULT false;
