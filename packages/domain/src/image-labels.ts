import { z } from 'zod';

/** What an image row says of its layers: for people, for lists of who uses what, and for rebases. All of it may be missing. */
export const imageLabels = z
  .object({
    /** berth-13 */
    stack: z.string(),
    /** Manifest digest of the stack's image. */
    stackDigest: z.string(),
    /** `node 24.21.0` */
    runtime: z.string(),
    runtimeName: z.string(),
    runtimeVersion: z.string(),
    runtimeDigest: z.string(),
    /** The app's own words for the version it wants: `>=20 <23`. */
    runtimeWish: z.string(),
    buildpack: z.string(),
  })
  .partial();
export type ImageLabels = z.infer<typeof imageLabels>;

/** A custom buildpack that came from elsewhere than the app's own source, without passwords in its URL. */
export const fetchedBuildpack = z.object({
  source: z.string(),
  /** `gitCommit` or `sha256` (of the tarball), hex. */
  digest: z.record(z.string(), z.string()),
});
export type FetchedBuildpack = z.infer<typeof fetchedBuildpack>;

/** What a build's image was made of beside the source. Names of config vars, never values. */
export const buildInputs = z.object({
  /** `node@1` */
  buildpack: z.string(),
  /** `pnpm@10.20.0` */
  tools: z.array(z.string()),
  /** Of the dependencies layer, when it is shared between commits. */
  dependenciesKey: z.string().optional(),
  /** sha256 (hex) of the files that decided the build, by path below the app's directory. */
  files: z.record(z.string(), z.string()),
  configNames: z.array(z.string()),
  /** In the order in which they ran. */
  fetchedBuildpacks: z.array(fetchedBuildpack).optional(),
});
export type BuildInputs = z.infer<typeof buildInputs>;
