import type { MemberView } from '@berth/platform/teams/list-members';
import type { TeamView } from '@berth/platform/teams/list-teams';
import { ref } from './app.js';

/** Heroku's `team`. Our owner is above Heroku's admin and goes out under its own name. */
export function toWireTeam(team: TeamView) {
  return {
    created_at: team.createdAt,
    credit_card_collections: false,
    default: false,
    enterprise_account: null,
    id: team.id,
    identity_provider: null,
    membership_limit: null,
    name: team.name,
    provisioned_licenses: false,
    role: team.role,
    type: 'team',
    updated_at: team.createdAt,
  };
}

/** Heroku's `team-member`. */
export function toWireMember(member: MemberView) {
  return {
    created_at: member.createdAt,
    email: member.email,
    federated: false,
    id: member.userId,
    identity_provider: null,
    role: member.role,
    two_factor_authentication: false,
    updated_at: member.createdAt,
    user: { id: member.userId, email: member.email, name: member.name },
  };
}

/** Heroku's `collaborator`: whoever may see an app, which is its team. */
export function toWireCollaborator(member: MemberView, app: { id: string; name: string }) {
  return {
    app: ref(app),
    created_at: member.createdAt,
    email: member.email,
    id: member.userId,
    permissions: [],
    role: member.role,
    updated_at: member.createdAt,
    user: { id: member.userId, email: member.email, federated: false },
  };
}

/** Heroku's `team-invitation`, but nothing is mailed: whoever made it hands on its address, which is shown this once. */
export function toWireInvitation(invitation: { secret: string; url: string }, role: string) {
  return { role, secret: invitation.secret, url: invitation.url };
}
