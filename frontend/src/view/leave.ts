// Another organisation's pages, and those of nobody, are other documents: nothing that was in memory goes along.

export function leaveFor(address: string): void {
  window.location.assign(address);
}

/** Leaves without a way back to where one could not stay; what waits for it waits until the page is gone. */
export function turnTo(address: string): Promise<never> {
  window.location.replace(address);
  return new Promise(() => undefined);
}
