import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Member } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';
import { useChangeView, useViewSearch } from '../../view/useView';
import { isMeant } from './match';
import { MemberActs, type Act } from './MemberActs';
import { MemberTable } from './MemberTable';

/** The members that the words in the address mean, and what is done with one of them. */
export function MemberPanel({ members }: { members: Member[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { q } = useViewSearch();
  const changeView = useChangeView();
  const [typed, setTyped] = useState(q ?? '');
  const [act, setAct] = useState<Act>();
  const search = useDebouncedCallback(
    (words: string) => changeView({ q: words.trim() || undefined }, { replace: true }),
    250,
  );
  const meant = members.filter((each) => isMeant(each, q));
  return (
    <Panel
      title={t('people.total', { count: meant.length, number: format.integer(meant.length) })}
      actions={
        <TextInput
          type="search"
          aria-label={t('people.search')}
          placeholder={t('people.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            search(event.currentTarget.value);
          }}
        />
      }
    >
      {meant.length > 0 ? (
        <MemberTable members={meant} onAct={setAct} />
      ) : (
        <EmptyState
          reason={members.length > 0 ? 'filtered' : 'nothing'}
          title={members.length > 0 ? t('list.noMatch', { q }) : t('people.none')}
        >
          {members.length > 0 ? t('people.noMatchText') : t('people.noneText')}
        </EmptyState>
      )}
      <MemberActs act={act} onDone={() => setAct(undefined)} />
    </Panel>
  );
}
