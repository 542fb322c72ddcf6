const openPage = /^\/open\/[a-z0-9-]+\/[a-z0-9-]+(\/leave)?(\?path=[A-Za-z0-9._~%-]*)?$/;

/** Where a sign-in goes on to: a page that opens a service, asked for by the address's `to`; anything else is the first page. */
export function returnPath(to: string | string[] | undefined): string {
  return typeof to === 'string' && openPage.test(to) ? to : '/';
}
