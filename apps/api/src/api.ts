import type { Logger } from '@berth/daemon/logger';
import { dataPort } from '@berth/domain/data-port';
import type { Prices } from '@berth/domain/meter-usage';
import { redisTetherPort, tetherPort } from '@berth/domain/tether-ports';
import type { Registry } from '@berth/images/registry';
import { dashboardUrl } from '@berth/platform/addresses';
import { type Auth, openAuth } from '@berth/platform/auth/open-auth';
import type { Platform } from '@berth/platform/platform';
import type { FastifyRequest } from 'fastify';
import type { RegistryAccess } from './registry-access.js';
import { openSigner, type Signer } from './sign-url.js';
import { OpenTethers } from './tethers/open-tethers.js';
import type { GatewayPort } from './tethers/pipe-stream.js';

/** What every resource works with. */
export interface Api {
  platform: Platform;
  logger: Logger;
  auth: Auth;
  signer: Signer;
  /** For the records beside images; undefined where there is none. */
  images: Registry | undefined;
  /** Environments can be told to pull from the production registry. */
  hasProductionRegistry: boolean;
  /** Undefined: use has no price here. */
  prices: Prices | undefined;
  /** Where the router answers for apps, as this process reaches it. */
  routerAddress: string;
  /** Where calls of connected machines go, as this process reaches it. */
  internalRouter: GatewayPort;
  /** Apps' PostgreSQL databases, for connected machines. */
  dataServer: GatewayPort;
  /** The way to Redis servers of add-ons, for connected machines. */
  redisRouter: GatewayPort;
  /** Machines that are connected to environments. */
  tethers: OpenTethers;
  /** Origin of the dashboard: the only one whose cookies count. */
  dashboardUrl: string;
  /** How many streams each person has open. */
  openStreams: Map<string, number>;
  /** Aborted when the process stops; every open stream ends and its client comes back. */
  stopped: AbortSignal;
}

export interface ApiOptions {
  platform: Platform;
  logger: Logger;
  /** Signs sessions and stream URLs. */
  secret: string;
  /** The registry's client. */
  images?: Registry | undefined;
  /** Undefined: the registry has no sign-in. */
  registry?: RegistryAccess | undefined;
  /** What the registry's notifications carry; undefined: there are none. */
  eventsSecret?: string | undefined;
  hasProductionRegistry?: boolean;
  prices?: Prices | undefined;
  routerAddress?: string;
  internalRouter?: GatewayPort;
  dataServer?: GatewayPort;
  redisRouter?: GatewayPort;
  tethers?: OpenTethers;
}

export function openApi(options: ApiOptions, stopped: AbortSignal): Api {
  const { platform, logger, secret, images, hasProductionRegistry = false, prices } = options;
  const { routerAddress = '127.0.0.1' } = options;
  const baseUrl = dashboardUrl(platform.addresses);
  return {
    platform,
    logger,
    auth: openAuth(platform, { baseUrl, secret }),
    signer: openSigner(secret),
    dashboardUrl: baseUrl,
    images,
    hasProductionRegistry,
    prices,
    routerAddress,
    internalRouter: options.internalRouter ?? { address: routerAddress, port: tetherPort },
    dataServer: options.dataServer ?? { address: routerAddress, port: dataPort },
    redisRouter: options.redisRouter ?? { address: routerAddress, port: redisTetherPort },
    tethers: options.tethers ?? new OpenTethers(),
    openStreams: new Map(),
    stopped,
  };
}

/** The address by which this client reached us, for URLs that it will open next; the router says which scheme it was. */
export function ownUrl(request: FastifyRequest): string {
  const scheme = request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${request.headers.host}`;
}
