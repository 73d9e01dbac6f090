import { Button, NativeSelect, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keysQuery, rotateKey } from '../../api/keys';
import type { Key, NewKey } from '../../api/types';
import { Refused } from '../../board/Refused';
import { Dialog } from '../../ui/Dialog';
import { Buttons } from '../../ui/Form';
import { Stack } from '../../ui/Layout';

/** So many hours the old key goes on working; a week is the longest the server allows. */
const overlaps = [0, 1, 24, 72, 168];

interface RotateDialogProps {
  of: Key | undefined;
  onMade: (made: NewKey) => void;
  onClose: () => void;
}

/** A new key in place of the old one. Meanwhile both work, so that no program stands still. */
export function RotateDialog({ of, onMade, onClose }: RotateDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [hours, setHours] = useState('24');
  const rotating = useMutation({
    mutationFn: (id: string) => rotateKey(id, Number(hours)),
    onSuccess: (made) => {
      onMade(made);
      return queries.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  const close = () => {
    rotating.reset();
    onClose();
  };
  return (
    <Dialog
      opened={of !== undefined}
      onClose={close}
      title={t('keys.rotateOf', { name: of?.name ?? '' })}
      closeLabel={t('shell.close')}
      busy={rotating.isPending}
    >
      <Stack>
        <Text size="sm">{t('keys.rotateText')}</Text>
        <Refused error={rotating.error} />
        <NativeSelect
          label={t('keys.overlap')}
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value)}
          data={overlaps.map((each) => ({
            value: String(each),
            label: each === 0 ? t('keys.atOnce') : t('keys.hours', { count: each }),
          }))}
        />
        <Buttons>
          <Button variant="default" onClick={close} disabled={rotating.isPending}>
            {t('form.cancel')}
          </Button>
          <Button onClick={() => of && rotating.mutate(of.id)} loading={rotating.isPending}>
            {t('keys.rotate')}
          </Button>
        </Buttons>
      </Stack>
    </Dialog>
  );
}
