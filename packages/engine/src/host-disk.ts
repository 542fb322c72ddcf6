import type { ImageRef } from './interface.js';

/** What this Berth has on one host's disk, bytes as they are allocated. */
export interface HostDisk {
  totalBytes: number;
  freeBytes: number;
  /** Pulled from our registry. */
  images: HostImage[];
  containers: HostContainer[];
  /** `key`: of a Redis server's; null for the parts'. */
  volumes: { name: string; key: string | null; bytes: number }[];
  disks: HostDiskImage[];
  /** Undefined when the registry does not keep its blobs on this host. */
  registry: RegistryVolume | undefined;
}

export interface HostImage extends ImageRef {
  /** Its layers from the bottom up; one that several images have is the same in each. `id` is Docker's chain id. */
  layers: { id: string; bytes: number }[];
  /** A container is made of it. */
  isUsed: boolean;
}

export interface HostContainer {
  containerId: string;
  name: string;
  /** instance, oneoff, jail, helper, part, process */
  kind: string;
  appId: string | null;
  /** What it wrote over its image. */
  writableBytes: number;
  logBytes: number;
}

export interface HostDiskImage {
  kind: 'jail' | 'cache' | 'template' | 'volume';
  /** File name without its end, of a volume its key; of a cache disk the name that {@link BuildEngine} derives from its key. */
  name: string;
  /** Of a cache disk whose key was asked for. */
  cacheKey: string | null;
  bytes: number;
  isOpen: boolean;
  /** When it was written to last, ms since 1970. */
  modifiedAt: number;
}

/** The registry's storage; times are ms since 1970. */
export interface RegistryVolume {
  blobs: { digest: string; bytes: number; modifiedAt: number }[];
  /** Manifests, with and without a tag. */
  revisions: { repository: string; digest: string; modifiedAt: number }[];
  tags: { repository: string; tag: string; digest: string }[];
  /** Links, directories, uploads that were not finished. */
  otherBytes: number;
}

/** The registry's collector has ended, well when `exitCode` is 0. */
export interface CollectorEnd {
  exitCode: number;
  /** What it said last. */
  message: string;
}
