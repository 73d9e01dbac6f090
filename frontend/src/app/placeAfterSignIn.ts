/** The page that was wanted, if it is one of ours: an address of another host must not be smuggled in. */
export function placeAfterSignIn(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to) || to.startsWith('/sign-in')) return '/';
  return to;
}
