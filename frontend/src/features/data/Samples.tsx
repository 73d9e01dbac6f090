import { useTranslation } from 'react-i18next';
import type { Waiting } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import classes from './Samples.module.css';
import { written } from './record';
import { useReason } from './useReason';

/** The latest records that wait for a reason: what is wrong with each, and each as it is kept. Closed until it is asked for. */
export function Samples({ waiting, site }: { waiting: Waiting; site: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reasonOf = useReason();
  const left = waiting.count - waiting.kept;
  return (
    <details className={classes.samples}>
      <summary>{t('quarantine.samples', { reason: reasonOf(waiting.reason).name, site })}</summary>
      {left > 0 && (
        <p className={classes.where}>{t('quarantine.notKept', { count: left, number: format.integer(left) })}</p>
      )}
      <ul className={classes.list}>
        {waiting.samples.map((sample) => (
          <li key={sample.id}>
            <p className={classes.detail} lang="en">
              {sample.detail}
            </p>
            <p className={classes.where}>
              {sample.received_at && `${format.moment(sample.received_at, undefined)} · `}
              {t('quarantine.where', { source: sample.source, offset: format.integer(sample.offset) })}
            </p>
            {sample.record ? (
              <pre className={classes.record} tabIndex={0} role="group" aria-label={t('quarantine.record')}>
                {written(sample.record)}
              </pre>
            ) : (
              <p className={classes.where}>{t('quarantine.noRecord')}</p>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
