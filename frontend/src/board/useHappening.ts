import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { openLive, readLive, whyNotLive } from '../api/live';
import { toProblem } from '../api/problem';
import { LiveStream, type Happening } from './LiveStream';

const nothingYet: Happening = { state: 'opening', picture: undefined, lost: false, problem: undefined };

/** What is happening now, as it changes, for as long as `on`; what was seen last stays. */
export function useHappening(on: boolean): Happening & { again: () => void } {
  const queries = useQueryClient();
  const [happening, setHappening] = useState(nothingYet);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!on) return undefined;
    // Asked as any question is, so that who is signed out by now is led to the sign-in page.
    const whyNot = () =>
      queries
        .fetchQuery({
          queryKey: ['live'],
          queryFn: async () => {
            const problem = await whyNotLive();
            if (problem) throw problem;
            return null;
          },
          staleTime: 0,
          gcTime: 0,
          retry: false,
        })
        .then(() => undefined, toProblem);
    const stream = new LiveStream(
      { open: openLive, read: readLive, whyNot, random: Math.random, now: Date.now },
      // A new stream begins without a picture: the former one stays until there is one.
      (next) => setHappening((before) => ({ ...next, picture: next.picture ?? before.picture })),
    );
    const seen = () => (document.hidden ? stream.away() : stream.back());
    const back = () => stream.back();
    const offline = () => stream.offline();
    document.addEventListener('visibilitychange', seen);
    window.addEventListener('pageshow', back);
    window.addEventListener('online', back);
    window.addEventListener('offline', offline);
    stream.start();
    if (document.hidden) stream.away();
    return () => {
      stream.stop();
      document.removeEventListener('visibilitychange', seen);
      window.removeEventListener('pageshow', back);
      window.removeEventListener('online', back);
      window.removeEventListener('offline', offline);
    };
  }, [on, queries, turn]);
  return { ...happening, again: () => setTurn(turn + 1) };
}
