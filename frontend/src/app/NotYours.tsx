import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { startOf } from '../api/place';
import { ownSessionQuery } from '../api/session';
import { EmptyState } from '../ui/EmptyState';
import { FrontPage } from '../ui/FrontPage';
import { PageHead } from '../ui/PageHead';
import { Brand } from './Brand';
import { Preferences } from './Preferences';
import classes from './Shell.module.css';

/** The address is of an organisation that is not one's own, or of none: what is one's own is offered instead. */
export function NotYours() {
  const { t } = useTranslation();
  const { data } = useQuery(ownSessionQuery);
  return (
    <FrontPage brand={<Brand />} top={<Preferences />}>
      <PageHead title={t('notYours.title')} />
      <EmptyState
        reason="forbidden"
        title={t('notYours.text')}
        action={
          <ul className={classes.links}>
            {data?.memberships.map(({ organisation, role }) => (
              <li key={organisation.slug}>
                <a className={classes.own} href={startOf(organisation.slug)}>
                  {t('notYours.open', { organisation: organisation.name, role: t(`role.${role}`) })}
                </a>
              </li>
            ))}
            {!data && (
              <li>
                <a className={classes.own} href="/">
                  {t('notYours.own')}
                </a>
              </li>
            )}
          </ul>
        }
      />
    </FrontPage>
  );
}
