import { Button, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useState } from 'react';
import type { Organisation } from '../../api/types';
import { TextLink } from '../../board/TextLink';
import { useFormat } from '../../i18n/useFormat';
import { DataTable, type TableColumn } from '../../ui/DataTable';
import { StatusDot } from '../../ui/StatusDot';
import { useSession } from '../../view/session';
import { dayOf, lastDayBefore } from '../../view/instants';
import classes from './Organisations.module.css';
import { RequireTwoFactor } from './RequireTwoFactor';
import { inTreeOrder, type Placed } from './tree';

/** So many things are named; of more there is only told how many. */
const mostNamed = 3;
const indent = 18;

interface OrganisationTableProps {
  items: Organisation[];
  onEdit: ((organisation: Organisation) => void) | undefined;
}

export function OrganisationTable({ items, onEdit }: OrganisationTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { can } = useSession();
  const maySecure = can.includes('organisation.secure');
  const [requiring, setRequiring] = useState<Organisation>();
  const valid = ({ valid_from, valid_until }: Organisation) => {
    if (!valid_from && !valid_until) return t('organisations.always');
    const first = valid_from ? format.day(dayOf(valid_from)) : '…';
    const last = valid_until ? format.day(lastDayBefore(valid_until)) : '…';
    return `${first} – ${last}`;
  };
  const about = (organisation: Organisation) => {
    if (organisation.kind === 'owner') return t('organisations.everything');
    if (organisation.about.length === 0) return t('organisations.nothing');
    const named = organisation.about.slice(0, mostNamed).map(({ name }) => name);
    const more = organisation.about.length - named.length;
    return named.join(', ') + (more > 0 ? ` ${t('organisations.more', { count: more })}` : '');
  };
  const acts: TableColumn<Placed> = {
    key: 'acts',
    header: t('form.actions'),
    render: ({ organisation }) => (
      <div className={classes.buttons}>
        {onEdit && (
          <Button
            size="xs"
            variant="default"
            aria-label={t('organisations.editOf', { name: organisation.name })}
            onClick={() => onEdit(organisation)}
          >
            {t('organisations.edit')}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          aria-label={`${t(organisation.requires_two_factor ? 'require.stop' : 'require.start')}: ${organisation.name}`}
          onClick={() => setRequiring(organisation)}
        >
          {t(organisation.requires_two_factor ? 'require.stop' : 'require.start')}
        </Button>
      </div>
    ),
  };
  return (
    <>
      <DataTable
        caption={t('nav./organisations')}
        rows={inTreeOrder(items)}
        rowKey={({ organisation }) => organisation.slug}
        columns={[
          {
            key: 'name',
            header: t('people.name'),
            render: ({ organisation, depth, parent }) => (
              <span className={classes.name} style={{ paddingLeft: depth * indent }}>
                {can.includes('people.read') ? (
                  <TextLink to="/people" search={{ organisation: organisation.slug }}>
                    {organisation.name}
                  </TextLink>
                ) : (
                  organisation.name
                )}
                {parent && <VisuallyHidden>{` ${t('organisations.below', { parent: parent.name })}`}</VisuallyHidden>}
              </span>
            ),
          },
          { key: 'kind', header: t('organisations.kind'), render: (row) => t(`kind.${row.organisation.kind}`) },
          { key: 'about', header: t('organisations.about'), render: ({ organisation }) => about(organisation) },
          { key: 'valid', header: t('organisations.valid'), render: ({ organisation }) => valid(organisation) },
          {
            key: 'people',
            header: t('nav./people'),
            numeric: true,
            render: ({ organisation }) => format.integer(organisation.people),
          },
          {
            key: 'factor',
            header: t('people.twoFactor'),
            render: ({ organisation }) =>
              organisation.requires_two_factor ? (
                <StatusDot tone="good">{t('organisations.required')}</StatusDot>
              ) : (
                <StatusDot tone="idle">{t('organisations.free')}</StatusDot>
              ),
          },
          ...(maySecure ? [acts] : []),
        ]}
      />
      <RequireTwoFactor organisation={requiring} onClose={() => setRequiring(undefined)} />
    </>
  );
}
