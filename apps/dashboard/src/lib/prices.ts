import 'server-only';
import { pricesOf } from '@berth/daemon/config';
import { config } from './config';

/** What use costs here; undefined: it has no price. */
export const prices = () => pricesOf(config());
