/** The organisation's part of a page's address, `/o/{slug}`; nothing for a page that belongs to none. */
export function placeOf(pathname: string): string {
  return /^\/o\/[^/?#]+/.exec(pathname)?.[0] ?? '';
}

/** The first page of an organisation. Other organisations are other documents, so that no memory is shared. */
export function startOf(slug: string): string {
  return `/o/${encodeURIComponent(slug)}/`;
}

let here = '';

/** Says once, before anything is asked, which organisation the page is of. */
export function standAt(place: string): void {
  here = place;
}

/** What is asked for and downloaded belongs to the same organisation as the page itself. */
export function under(address: string): string {
  return here + address;
}
