import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLive } from '../../board/live';
import { useHappening } from '../../board/useHappening';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Stack } from '../../ui/Layout';
import { Loading } from '../../ui/Loading';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { useView } from '../../view/useView';
import { zoneOf } from '../../view/view';
import { LiveStatus } from './LiveStatus';
import { Picture } from './Picture';
import { useSpoken } from './useSpoken';

/** What is being read at this moment, as it changes. */
export function LivePage() {
  const { t } = useTranslation();
  const { live } = useLive();
  const { again, ...happening } = useHappening(live);
  const spoken = useSpoken(happening, live);
  const zone = zoneOf(useView());
  const { picture, problem } = happening;
  return (
    <>
      <PageHead
        title={t('nav./live')}
        subtitle={t('live.subtitle')}
        status={<LiveStatus happening={happening} zone={zone} />}
      />
      <VisuallyHidden role="status" aria-live="polite">
        {spoken}
      </VisuallyHidden>
      <Stack>
        {problem && (
          <Panel title={t('live.over')}>
            <ErrorState
              title={problem.message}
              detail={problem.detail}
              retry={{ label: t('state.retry'), onRetry: again }}
            />
          </Panel>
        )}
        {picture && <Picture picture={picture} zone={zone} />}
        {!picture && !live && (
          <EmptyState reason="nothing" title={t('live.paused')}>
            {t('live.pausedText')}
          </EmptyState>
        )}
        {!picture && !problem && live && <Loading label={t('live.connecting')} lines={6} />}
      </Stack>
    </>
  );
}
