/** The sign-in page that leads back to an address. */
export function signInAddress(to: string): string {
  return to === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ to }).toString()}`;
}
