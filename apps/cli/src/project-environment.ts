/** A project environment as the API tells it (apps/api/src/wire). Times are ISO 8601. */
export interface ProjectEnvironment {
  name: string;
  base: { name: string };
  team: { name: string };
  owner: { email: string } | null;
  status: string;
  /** It ends when its branches are merged, too. */
  until_merged: boolean;
  expires_at: string | null;
  /** Since when it is said that it goes soon. */
  warned_at: string | null;
  services: ProjectService[];
  /** Services that the base answers for. */
  fallbacks: { service: string; app: { name: string } | null }[];
  /** Services that somebody's machine answers for. */
  detours: { service: string; by: { email: string } | null }[];
}

export interface ProjectService {
  service: string;
  app: { name: string };
  web_url: string | null;
  status: string;
  branch: string | null;
  commit: string | null;
  message: string | null;
}
