import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WriteKey } from '../../api/types';
import { writeKeysQuery } from '../../api/writeKeys';
import { QueryState } from '../../board/QueryState';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { useSession } from '../../view/session';
import { EndWriteKeyDialog } from './EndWriteKeyDialog';
import { HowToSend } from './HowToSend';
import { MakeWriteKeyDialog } from './MakeWriteKeyDialog';
import { WriteKeyTable } from './WriteKeyTable';

/** The keys with which pages and programs send events; each says of which site they are. */
export function WriteKeysPage() {
  const { t } = useTranslation();
  const { can, sites } = useSession();
  const query = useQuery(writeKeysQuery);
  const [making, setMaking] = useState(false);
  const [used, setUsed] = useState<WriteKey>();
  const [ending, setEnding] = useState<WriteKey>();
  const nameOf = (code: string) => sites.find((site) => site.code === code)?.name ?? code;
  const mayWrite = can.includes('load.write');
  const ended = query.data?.items.some(({ key, ended_at: at }) => key === used?.key && at);
  return (
    <>
      <PageHead
        title={t('nav./write-keys')}
        subtitle={t('writeKeys.subtitle')}
        controls={
          mayWrite &&
          sites.length > 0 && (
            <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setMaking(true)}>
              {t('writeKeys.make')}
            </Button>
          )
        }
      />
      <Stack>
        {used && !ended && query.data && (
          <HowToSend key={used.key} of={used} collector={query.data.collector} onDone={() => setUsed(undefined)} />
        )}
        <Panel title={t('writeKeys.list')} hint={t('writeKeys.hint')}>
          <QueryState query={query}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState reason="nothing" title={t('writeKeys.none')}>
                  {t('writeKeys.noneText')}
                </EmptyState>
              ) : (
                <WriteKeyTable items={items} nameOf={nameOf} mayWrite={mayWrite} onUse={setUsed} onEnd={setEnding} />
              )
            }
          </QueryState>
        </Panel>
      </Stack>
      <MakeWriteKeyDialog
        opened={making}
        onMade={(made) => {
          setMaking(false);
          setUsed(made);
        }}
        onClose={() => setMaking(false)}
      />
      <EndWriteKeyDialog
        of={ending}
        nameOf={nameOf}
        onClose={() => setEnding(undefined)}
      />
    </>
  );
}
