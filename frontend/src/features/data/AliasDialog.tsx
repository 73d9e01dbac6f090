import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { aliasesQuery, makeAlias } from '../../api/aliases';
import type { Waiting } from '../../api/types';
import { Refused } from '../../board/Refused';
import { Dialog } from '../../ui/Dialog';
import { Buttons } from '../../ui/Form';
import { Stack } from '../../ui/Layout';
import { ThingPicker } from './ThingPicker';
import { thingOf } from './unknown';

/** An id that records wait for. */
export interface UnknownOf {
  waiting: Waiting;
  given: string;
}

interface AliasDialogProps {
  of: UnknownOf | undefined;
  /** The name of its site. */
  site: string;
  onSaid: (of: UnknownOf) => void;
  onClose: () => void;
}

/** Somebody says which known thing an id means. */
export function AliasDialog({ of, site, onSaid, onClose }: AliasDialogProps) {
  const { t } = useTranslation();
  // While the dialog goes away it still says what it was about.
  const [latest, setLatest] = useState({ of, site });
  if (of && of !== latest.of) setLatest({ of, site });
  const given = latest.of?.given ?? '';
  const what = thingOf(latest.of?.waiting.reason ?? '');
  return (
    <Dialog
      opened={of !== undefined}
      onClose={onClose}
      title={t('alias.title', { given, site: latest.site })}
      closeLabel={t('shell.close')}
    >
      {latest.of && what && (
        <AliasForm key={given} of={latest.of} what={what} site={latest.site} onSaid={onSaid} onCancel={onClose} />
      )}
    </Dialog>
  );
}

interface AliasFormProps {
  of: UnknownOf;
  what: NonNullable<ReturnType<typeof thingOf>>;
  site: string;
  onSaid: (of: UnknownOf) => void;
  onCancel: () => void;
}

function AliasForm({ of, what, site, onSaid, onCancel }: AliasFormProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<string>();
  const { given, waiting } = of;
  const saying = useMutation({
    mutationFn: (means: string) => makeAlias({ site: waiting.site, what, given, means }),
    onSuccess: () => {
      onSaid(of);
      return queries.invalidateQueries({ queryKey: aliasesQuery.queryKey });
    },
  });
  return (
    <Stack>
      <Text size="sm">{t('alias.text', { given, site })}</Text>
      <ThingPicker what={what} site={waiting.site} given={given} chosen={chosen} onChange={setChosen} />
      <Refused error={saying.error} />
      <Buttons>
        <Button variant="default" onClick={onCancel} disabled={saying.isPending}>
          {t('form.cancel')}
        </Button>
        <Button disabled={!chosen} loading={saying.isPending} onClick={() => chosen && saying.mutate(chosen)}>
          {t('alias.save')}
        </Button>
      </Buttons>
    </Stack>
  );
}
