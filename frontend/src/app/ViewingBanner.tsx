import { Button } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types';
import { endViewings } from '../api/viewings';
import { Refused } from '../board/Refused';
import { useFormat } from '../i18n/useFormat';
import { leaveFor } from '../view/leave';
import classes from './ViewingBanner.module.css';

/** The longest a browser's clock can be set for; no viewing lasts nearly as long. */
const longest = 2_147_483_647;

/** While one looks as somebody else: who does, as whom, why and until when, and the way back. */
export function ViewingBanner({ session }: { session: Session }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ending = useMutation({ mutationFn: endViewings, onSuccess: () => leaveFor('/') });
  const { viewing, account, organisation } = session;
  const until = viewing?.until;
  useEffect(() => {
    if (until === undefined) return undefined;
    const left = Math.min(Math.max(0, Date.parse(until) - Date.now()), longest);
    const timer = setTimeout(() => leaveFor('/'), left);
    return () => clearTimeout(timer);
  }, [until]);
  if (!viewing) return null;
  return (
    <section className={classes.banner} aria-label={t('viewing.label')}>
      <IconEye size={22} stroke={1.8} aria-hidden className={classes.icon} />
      <div role="status" className={classes.words}>
        <p className={classes.title}>
          {t('viewing.as', { name: account.name, email: account.email, organisation: organisation.name })}
        </p>
        <p className={classes.text}>
          {t('viewing.text', {
            by: viewing.by,
            until: format.time(viewing.until, undefined, new Date()),
            reason: viewing.reason,
          })}
        </p>
      </div>
      <Button size="xs" color="dark" variant="default" loading={ending.isPending} onClick={() => ending.mutate()}>
        {t('viewing.end')}
      </Button>
      <Refused error={ending.error} />
    </section>
  );
}
