import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/useFormat';
import { useLive } from './live';
import { TextLink } from './TextLink';
import { useHappening } from './useHappening';

/** How many read at this moment, as the way to what they read; behind a page's subtitle. Nothing as long as it is not known. */
export function ReadingNow() {
  const { t } = useTranslation();
  const format = useFormat();
  const { live } = useLive();
  const { picture, lost } = useHappening(live);
  const readers = picture?.all.readers_5;
  if (typeof readers !== 'number' || lost) return null;
  return (
    <>
      {' · '}
      <TextLink to="/live" underline="always">
        {t('live.reading', { count: readers, number: format.integer(readers) })}
      </TextLink>
    </>
  );
}
