import { accepted, client } from './client';
import { under } from './place';
import { toProblem, type ProblemError } from './problem';
import type { Live } from './types';

/** The stream of what is happening now; it is the page's own organisation's. */
export function openLive(): EventSource {
  return new EventSource(under('/api/v1/live'));
}

/** One event of the stream, or nothing where it is none. */
export function readLive(data: string): Live | undefined {
  try {
    return JSON.parse(data) as Live;
  } catch {
    return undefined;
  }
}

/**
 * Why the stream is refused, or undefined when it is not: an EventSource tells of a refusal, but neither its status nor
 * its words.
 */
export async function whyNotLive(): Promise<ProblemError | undefined> {
  const over = new AbortController();
  try {
    await accepted(client.GET('/api/v1/live', { parseAs: 'stream', signal: over.signal }));
    return undefined;
  } catch (error) {
    return toProblem(error);
  } finally {
    over.abort();
  }
}
