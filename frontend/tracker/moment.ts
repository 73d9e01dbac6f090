/** This moment as RFC 3339 with the offset of the clock on the wall, which says the site-local day. */
export function moment(): string {
  const now = new Date();
  // A date's own text ends as in "GMT+0200 (…)".
  const offset = `${now}`.replace(/.*GMT(...)(..).*/, '$1:$2');
  return new Date(+now - now.getTimezoneOffset() * 60_000).toISOString().replace('Z', offset);
}
