import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { organisationsQuery } from '../../api/organisations';
import { Row } from '../../ui/Form';
import { Panel } from '../../ui/Panel';
import { organisationPagesOf } from '../../view/nav';
import type { ViewSearch } from '../../view/search';
import { useSession } from '../../view/session';
import { useChangeView, useViewSearch } from '../../view/useView';
import { actionGroups } from './actions';

const mostListed = 1_000;

/** Chooses from the record: by day, by what was done, by words, and by organisation where there are several. */
export function AuditFilters() {
  const { t } = useTranslation();
  const session = useSession();
  const { since, until, action, q, organisation } = useViewSearch();
  const changeView = useChangeView();
  const [typed, setTyped] = useState(q ?? '');
  // What is chosen anew is read from its beginning.
  const choose = (change: Partial<ViewSearch>, replace = false) =>
    changeView({ ...change, before: undefined, entry: undefined }, { replace });
  const search = useDebouncedCallback((words: string) => choose({ q: words.trim() || undefined }, true), 250);
  const several = organisationPagesOf(session).includes('/organisations');
  const organisations = useQuery({ ...organisationsQuery({ limit: mostListed }), enabled: several });
  return (
    <Panel title={t('audit.filters')}>
      <Row>
        <TextInput
          type="date"
          label={t('audit.since')}
          value={since ?? ''}
          max={until}
          onChange={(event) => choose({ since: event.currentTarget.value || undefined })}
        />
        <TextInput
          type="date"
          label={t('audit.until')}
          value={until ?? ''}
          min={since}
          onChange={(event) => choose({ until: event.currentTarget.value || undefined })}
        />
        <NativeSelect
          label={t('audit.action')}
          value={action ?? ''}
          onChange={(event) => choose({ action: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('audit.anyAction') },
            ...Object.entries(actionGroups).map(([group, actions]) => ({
              group: t(`audit.groups.${group}`),
              items: actions.map((each) => ({ value: each, label: t(`audit.actions.${each}`) })),
            })),
          ]}
        />
        {several && (
          <NativeSelect
            label={t('shell.organisation')}
            value={organisation ?? ''}
            onChange={(event) => choose({ organisation: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: t('audit.anyOrganisation') },
              ...(organisations.data?.items.map(({ slug, name }) => ({ value: slug, label: name })) ?? []),
            ]}
          />
        )}
        <TextInput
          type="search"
          label={t('audit.words')}
          description={t('audit.wordsHint')}
          inputWrapperOrder={['label', 'input', 'description']}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            search(event.currentTarget.value);
          }}
        />
      </Row>
    </Panel>
  );
}
