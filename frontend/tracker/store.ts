/** The browser's storage as names and texts; where it is denied or full, the memory of this page. */
let box: Record<string, string | number> = {};
try {
  box = localStorage as unknown as Record<string, string>;
} catch {
  // Denied: what is kept lives as long as the page.
}

export const get = (name: string): string => (box[name] || '') as string;

export function put(name: string, value: string | number): void {
  try {
    box[name] = value;
  } catch {
    box = { ...box, [name]: value };
  }
}

export function drop(name: string): void {
  delete box[name];
  try {
    // Even if it is the memory that counts by now.
    delete localStorage[name];
  } catch {
    // Denied: nothing is there.
  }
}

/** The names that begin so, sorted. All that the tracker keeps begins with `octavo.`, which no other script will use. */
export const names = (begin: string): string[] =>
  Object.keys(box)
    .filter((name) => name.startsWith(begin))
    .sort();
