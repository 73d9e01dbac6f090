import { useTranslation } from 'react-i18next';
import type { Live } from '../../api/types';
import { TextLink } from '../../board/TextLink';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { Panel } from '../../ui/Panel';
import { useSession } from '../../view/session';
import { BusyList } from './BusyList';
import { Figures } from './Figures';
import { PulsePanel } from './PulsePanel';
import { isQuiet } from './told';
import classes from './Live.module.css';

/** Everything that is known of the moment, or what one can do where there is nothing. */
export function Picture({ picture, zone }: { picture: Live; zone: string | undefined }) {
  const { t } = useTranslation();
  const { home, sites } = useSession();
  const { fewest } = picture;
  const isProtected = fewest > 1;
  if (isQuiet(picture)) {
    return (
      <Panel title={t('live.figures')}>
        <EmptyState
          reason="nothing"
          title={t('live.none')}
          action={
            <TextLink to="/" size="sm" underline="always">
              {t('state.toOverview')}
            </TextLink>
          }
        >
          {t('live.noneText')}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Stack>
      <Figures picture={picture} />
      {isProtected && <p className={classes.fewest}>{t('live.fewest', { count: fewest })}</p>}
      <PulsePanel picture={picture} zone={zone} />
      {sites.length > 1 && picture.sites.length > 0 && (
        <BusyList title={t('live.sites')} dimension="site" items={picture.sites} fewest={fewest} />
      )}
      <div className={classes.lists}>
        {(picture.books.length > 0 || isProtected) && (
          <BusyList title={t('live.books')} dimension="book" items={picture.books} fewest={fewest} />
        )}
        {home?.dimension !== 'school' && picture.schools.length > 0 && (
          <BusyList title={t('live.schools')} dimension="school" items={picture.schools} fewest={fewest} />
        )}
      </div>
    </Stack>
  );
}
