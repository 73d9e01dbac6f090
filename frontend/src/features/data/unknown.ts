import type { Alias, Waiting } from '../../api/types';

/** What can be said to be meant. */
export type Thing = 'school' | 'book' | 'chapter';

const things: Record<string, Thing> = {
  unknown_school: 'school',
  unknown_book: 'book',
  unknown_chapter: 'chapter',
};

/** What records that wait for this reason do not know; nothing where no id is to blame. */
export function thingOf(reason: string): Thing | undefined {
  return things[reason];
}

/** What was said of an id. */
export function saidOf(aliases: Alias[], waiting: Waiting, given: string): Alias | undefined {
  const what = thingOf(waiting.reason);
  return aliases.find((alias) => alias.site === waiting.site && alias.what === what && alias.given === given);
}

/** The code of the book that an unknown chapter is of: it stands before the colon. */
export function bookOf(given: string): string {
  return given.slice(0, given.indexOf(':'));
}
