import { pipeline } from 'node:stream/promises';
import type { Exchange } from '../wire/exchange.js';
import { Intake } from './intake.js';

/** Answers a push over HTTP that git never sees: reads all that the client sends, and refuses each ref. */
export async function refusePush(exchange: Exchange, sentence: string): Promise<void> {
  const intake = new Intake(0, () => {});
  intake.resume();
  await pipeline(exchange.input, intake, { signal: exchange.cut });
  exchange.output.write(intake.refusal(sentence));
}
