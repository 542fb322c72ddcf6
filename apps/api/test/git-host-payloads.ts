/** Deliveries of git hostings in the shape that each documents, cut to what tells pull requests and repositories apart. */
export interface Told {
  number: number;
  branch: string;
  /** Owner and name of the repository that it is in, and of the one that the branch is in. */
  repository: string;
  from: string;
}

const shortName = (path: string) => path.split('/').at(-1) ?? '';

/** GitHub's `pull_request`, which Gitea and Forgejo send too. */
export function githubPayload(action: string, { number, branch, repository, from }: Told) {
  const repo = (path: string) => ({ id: 1, name: shortName(path), full_name: path, private: true, fork: false });
  return {
    ...{ action, number, repository: repo(repository), sender: { id: 2, login: 'ada' } },
    pull_request: {
      ...{ id: 1, number, state: 'open', title: 'New', merged: false, draft: false },
      head: { label: branch, ref: branch, sha: '48e773f892a831faa47c0a160d1b7f0cd369ae2a', repo: repo(from) },
      base: { label: 'main', ref: 'main', sha: '67b56589a45103f891bdee7c0546e5d40bc02001', repo: repo(repository) },
    },
  };
}

/** GitLab's merge request event; the name of a project is for people, its path is what its address has. */
export function gitlabPayload(action: string | undefined, { number, branch, repository, from }: Told) {
  const project = (path: string) => ({ name: 'The Shop', namespace: 'Shop', path_with_namespace: path });
  return {
    ...{ object_kind: 'merge_request', event_type: 'merge_request', user: { id: 1, username: 'ada' } },
    project: { id: 14, ...project(repository) },
    repository: { name: 'The Shop', homepage: `https://gitlab.example.com/${repository}` },
    object_attributes: {
      ...{ id: 99, iid: number, target_branch: 'main', source_branch: branch, state: 'opened', title: 'New' },
      ...{ source_project_id: from === repository ? 14 : 15, target_project_id: 14, draft: false },
      ...{ source: project(from), target: project(repository), ...(action === undefined ? {} : { action }) },
    },
  };
}

/** Bitbucket Cloud's `pullrequest:created` and the like; the event stands in a header alone. */
export function bitbucketPayload({ number, branch, repository, from }: Told) {
  const repo = (path: string) => ({ uuid: `{${path}}`, full_name: path, name: 'The Shop', scm: 'git' });
  return {
    ...{ actor: { display_name: 'Ada', uuid: '{a54f16da}' }, repository: repo(repository) },
    pullrequest: {
      ...{ id: number, title: 'New', state: 'OPEN', close_source_branch: true },
      source: { branch: { name: branch }, commit: { hash: 'd3022fc0ca3d' }, repository: repo(from) },
      destination: { branch: { name: 'main' }, commit: { hash: 'ce5965ddd289' }, repository: repo(repository) },
    },
  };
}
