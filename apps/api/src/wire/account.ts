import type { AccountView } from '@berth/platform/users/get-account';

/** Heroku's `account`. */
export function toWireAccount(account: AccountView) {
  return {
    allow_tracking: false,
    beta: false,
    country_of_residence: null,
    created_at: account.createdAt,
    default_organization: null,
    default_team: null,
    delinquent_at: null,
    email: account.email,
    federated: false,
    id: account.userId,
    identity_provider: null,
    last_login: null,
    name: account.name,
    sms_number: null,
    suspended_at: null,
    two_factor_authentication: false,
    updated_at: account.updatedAt,
    verified: true,
  };
}
