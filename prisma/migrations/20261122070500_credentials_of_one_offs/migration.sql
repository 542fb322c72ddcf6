-- An attached one-off ends with the API token that asked for it.
ALTER TABLE "OneOff" ADD COLUMN "tokenId" TEXT;

-- Where a Redis server is reached by people who are connected to an environment.
ALTER TABLE "AddOn" ADD COLUMN "serverAddress" TEXT;
