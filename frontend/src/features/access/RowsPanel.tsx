import { useTranslation } from 'react-i18next';
import type { Access } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { Facts } from '../../ui/Facts';
import { Panel } from '../../ui/Panel';
import { Section } from '../../ui/Section';
import classes from './Access.module.css';

/** Who it is, in which organisation, as what, and which rows that opens. */
export function RowsPanel({ access }: { access: Access }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { account, organisation, role, rule, lens, rows } = access;
  return (
    <Panel title={t('access.person')}>
      <Facts
        facts={[
          { name: t('people.name'), value: account.name },
          { name: t('signIn.email'), value: account.email },
          {
            name: t('shell.organisation'),
            value: `${organisation.name} (${t(`kind.${organisation.kind}`, { defaultValue: organisation.kind })})`,
          },
          { name: t('people.role'), value: t(`role.${role}`, { defaultValue: role }) },
          { name: t('access.lens'), value: t(`access.lenses.${lens}`, { defaultValue: lens }) },
        ]}
      />
      <Section title={t('access.rule')}>
        <p lang="en">{rule}</p>
      </Section>
      <Section title={t('access.rows')}>
        <p>{t(`access.rowsOf.${rows.kind}`, { count: rows.total, number: format.integer(rows.total) })}</p>
        {rows.items.length > 0 && (
          <ul className={classes.items}>
            {rows.items.map(({ code, name }) => (
              <li key={code}>{`${name} (${code})`}</li>
            ))}
          </ul>
        )}
        {rows.items.length > 0 && rows.items.length < rows.total && (
          <p>{t('access.moreRows', { number: format.integer(rows.total - rows.items.length) })}</p>
        )}
      </Section>
    </Panel>
  );
}
