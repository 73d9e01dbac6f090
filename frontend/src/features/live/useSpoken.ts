import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Happening } from '../../board/LiveStream';
import { useFormat } from '../../i18n/useFormat';

/** So often at most the numbers are spoken, in milliseconds: whoever listens has other things to hear, too. */
export const spokenEvery = 30_000;

/** What is told to those who do not see the page: the readers now and then, and at once that the connection is lost or back. */
export function useSpoken({ picture, lost, state }: Happening, live: boolean): string {
  const { t } = useTranslation();
  const format = useFormat();
  const [spoken, setSpoken] = useState('');
  const readers = picture?.all.readers_5;
  const fewest = picture?.fewest ?? 1;
  const words = () => {
    if (readers === undefined) return '';
    if (readers === null) return t('live.fewerReaders', { count: fewest });
    return t('live.spoken', { count: readers, number: format.integer(readers) });
  };
  const latest = useRef(words);
  useEffect(() => {
    latest.current = words;
  });

  const known = picture !== undefined;
  useEffect(() => {
    if (!live || !known) return undefined;
    setSpoken(latest.current());
    const timer = setInterval(() => setSpoken(latest.current()), spokenEvery);
    return () => clearInterval(timer);
  }, [live, known]);

  if (!live || !lost) return spoken;
  return state === 'ended' ? t('live.over') : t('live.reconnecting');
}
