import { useTranslation } from 'react-i18next';
import type { Happening } from '../../board/LiveStream';
import { useLive } from '../../board/live';
import { StatusLine } from '../../board/StatusLine';
import { useFormat } from '../../i18n/useFormat';

interface LiveStatusProps {
  happening: Happening;
  zone: string | undefined;
}

/** As of when the picture is, to the second, and whether another can be expected. */
export function LiveStatus({ happening: { state, picture, lost }, zone }: LiveStatusProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { live } = useLive();
  const words = () => {
    if (!live) return t('live.paused');
    if (state === 'ended') return t('live.over');
    if (lost) return t('live.reconnecting');
    return picture ? undefined : t('live.connecting');
  };
  const tone = () => {
    if (!live) return 'idle';
    if (state === 'ended') return 'bad';
    if (lost) return 'warn';
    return picture ? 'good' : 'idle';
  };
  return (
    <StatusLine tone={tone()}>
      <span>
        {picture && (
          <>
            {t('freshness.asOf')} <time dateTime={picture.as_of}>{format.clock(picture.as_of, zone)}</time>
          </>
        )}
        {picture && words() && ' · '}
        {words()}
      </span>
    </StatusLine>
  );
}
