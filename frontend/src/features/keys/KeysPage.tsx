import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keysQuery } from '../../api/keys';
import type { Key, NewKey } from '../../api/types';
import { QueryState } from '../../board/QueryState';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { useSession } from '../../view/session';
import { KeyTable } from './KeyTable';
import { MakeKeyDialog } from './MakeKeyDialog';
import { RevokeDialog } from './RevokeDialog';
import { RotateDialog } from './RotateDialog';
import { SecretPanel } from './SecretPanel';

type Doing = { what: 'make' } | { what: 'rotate' | 'revoke'; key: Key };

/** The keys with which programs ask for the organisation's numbers. */
export function KeysPage() {
  const { t } = useTranslation();
  const { can } = useSession();
  const query = useQuery(keysQuery);
  const [doing, setDoing] = useState<Doing>();
  const [made, setMade] = useState<NewKey>();
  const stop = () => setDoing(undefined);
  const show = (key: NewKey) => {
    setDoing(undefined);
    setMade(key);
  };
  const mayWrite = can.includes('key.write');
  return (
    <>
      <PageHead
        title={t('nav./keys')}
        subtitle={t('keys.subtitle')}
        controls={
          mayWrite && (
            <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setDoing({ what: 'make' })}>
              {t('keys.make')}
            </Button>
          )
        }
      />
      <Stack>
        {made && <SecretPanel key={made.key.id} made={made} onKept={() => setMade(undefined)} />}
        <Panel title={t('keys.list')} hint={t('keys.hint')}>
          <QueryState query={query}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState reason="nothing" title={t('keys.none')}>
                  {t('keys.noneText')}
                </EmptyState>
              ) : (
                <KeyTable
                  items={items}
                  mayWrite={mayWrite}
                  onRotate={(key) => setDoing({ what: 'rotate', key })}
                  onRevoke={(key) => setDoing({ what: 'revoke', key })}
                />
              )
            }
          </QueryState>
        </Panel>
      </Stack>
      <MakeKeyDialog opened={doing?.what === 'make'} onMade={show} onClose={stop} />
      <RotateDialog of={doing?.what === 'rotate' ? doing.key : undefined} onMade={show} onClose={stop} />
      <RevokeDialog of={doing?.what === 'revoke' ? doing.key : undefined} onClose={stop} />
    </>
  );
}
