import type { AppView } from '@berth/platform/apps/get-app';

/** An app or another noun as others refer to it. */
export const ref = ({ id, name }: { id: string; name: string }) => ({ id, name });

/** Heroku's `app` (schema definition "app"). The CLI crashes without repo_size, slug_size, owner, region, stack, build_stack. */
export function toWireApp(app: AppView) {
  return {
    acm: false,
    archived_at: null,
    build_stack: app.isContainer ? container : stack,
    buildpack_provided_description: null,
    create_status: 'complete',
    created_at: app.createdAt,
    generation: { id: 'cedar', name: 'cedar' },
    git_url: app.gitUrl,
    id: app.id,
    internal_routing: false,
    maintenance: app.maintenance,
    name: app.name,
    owner: { id: app.ownerId, email: app.ownerEmail },
    organization: ref(app.team),
    team: ref(app.team),
    process_tier: 'production',
    region,
    released_at: app.releasedAt,
    repo_size: null,
    slug_size: app.imageSizeBytes,
    space: null,
    stack,
    updated_at: app.updatedAt,
    web_url: app.webUrl,
    // ours
    state: app.state,
    environment: ref(app.environment),
    deploy_branch: app.deployBranch,
    debug: app.debugUntil !== null,
    debug_until: app.debugUntil,
    ssh_url: app.sshUrl,
  };
}

/** The base every image is built on. */
export const stack = { id: 'b3e10000-0000-4000-8000-000000000013', name: 'berth-13' };

/** An app whose images are built elsewhere (`heroku container:push`). */
export const container = { id: 'b3e10000-0000-4000-8000-0000000000c0', name: 'container' };

/** There is one place; the CLI prints every other name than this beside each app. */
export const region = { id: 'b3e10000-0000-4000-8000-000000000001', name: 'us' };
