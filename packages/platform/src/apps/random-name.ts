import { randomInt } from 'node:crypto';

const adjectives =
  'agile amber ancient arctic autumn bold bright calm coastal copper coral crisp eager early fair fresh gentle golden grand green happy hidden ivory keen lively lunar mellow misty noble open pacific patient polar proud quiet rapid royal salty sandy serene silent silver snowy solar steady still stormy sunny swift tidal tranquil true vivid warm wild windy wise';
const nouns =
  'anchor atoll bay beacon berth boat bow breeze bridge brook buoy canal cape captain channel cliff coast compass coral cove current deck delta dock dune eddy ferry fjord fleet gale galley gulf gull harbor haven helm hull island jetty keel kelp lagoon lake lantern mast mooring oar ocean pearl pier pilot port quay raft reef river rudder sail sea shore sloop spray strait stream surf tide wave wharf';

const pick = (words: string) => {
  const list = words.split(' ');
  return list[randomInt(list.length)] as string;
};

/** `calm-harbor-48213`, as Heroku names an app that was given no name. */
export function randomAppName(): string {
  return `${pick(adjectives)}-${pick(nouns)}-${randomInt(10_000, 100_000)}`;
}
