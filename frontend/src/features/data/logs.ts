import type { LogState } from '../../api/types';

/** Whoever reads a log says so again and again; who has not for so long, in milliseconds, does not read it. */
const silentAfter = 60_000;

/** For how many minutes nobody has said anything of a log, or undefined when it is read. `now` is the server's. */
export function silentFor(log: Pick<LogState, 'noted_at'>, now: string): number | undefined {
  const since = Date.parse(now) - Date.parse(log.noted_at);
  return since > silentAfter ? Math.floor(since / 60_000) : undefined;
}
