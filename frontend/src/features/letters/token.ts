/** The secret of a letter's link. It stands behind the `#`, which no browser sends to a server or tells another page. */
export function tokenIn(hash: string): string | undefined {
  const token = decodeURIComponent(hash.replace(/^#/, '')).trim();
  return token === '' ? undefined : token;
}
