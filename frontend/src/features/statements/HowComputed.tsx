import { useTranslation } from 'react-i18next';
import type { Statement } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { Panel } from '../../ui/Panel';
import classes from './Statements.module.css';

/** How an amount comes about: in words, and for one statement in its own numbers. */
export function HowComputed({ statement }: { statement?: Statement }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Panel title={t('statements.how')}>
      <p className={classes.text}>{t('statements.howText')}</p>
      <p className={classes.formula}>
        {statement
          ? t('statements.formulaOf', {
              pool: format.money(statement.pool, statement.currency),
              units: format.decimal(statement.units, 3),
              total: format.decimal(statement.units_total, 3),
              amount: format.money(statement.amount, statement.currency),
            })
          : t('statements.formula')}
      </p>
    </Panel>
  );
}
