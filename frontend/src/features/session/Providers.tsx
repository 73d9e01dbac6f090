import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { identityProvidersQuery, providerAddress } from '../../api/session';
import classes from './SignIn.module.css';

/** Where else one can sign in. Nothing is said when there is no such place: a password always does. */
export function Providers({ to }: { to: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(identityProvidersQuery);
  if (!data || data.items.length === 0) return null;
  return (
    <>
      <p className={classes.or}>{t('signIn.or')}</p>
      <ul className={classes.providers}>
        {data.items.map(({ slug, title }) => (
          <li key={slug}>
            <Button component="a" href={providerAddress(slug, to)} variant="default" size="md" fullWidth>
              {t('signIn.with', { provider: title })}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
