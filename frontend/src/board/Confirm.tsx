import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog';
import { Buttons } from '../ui/Form';
import { Stack } from '../ui/Layout';
import { Refused } from './Refused';

interface ConfirmProps {
  opened: boolean;
  title: string;
  text: string;
  /** What is done, as the button says it. */
  action: string;
  /** For what cannot be taken back. */
  grave?: boolean;
  busy: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks once more before something is done that somebody will notice. */
export function Confirm({
  opened,
  title,
  text,
  action,
  grave,
  busy,
  error,
  onConfirm,
  onClose,
  children,
}: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onClose} title={title} closeLabel={t('shell.close')} busy={busy}>
      <Stack>
        <Text size="sm">{text}</Text>
        {children}
        <Refused error={error} />
        <Buttons>
          <Button variant="default" onClick={onClose} disabled={busy}>
            {t('form.cancel')}
          </Button>
          <Button color={grave ? 'danger' : undefined} onClick={onConfirm} loading={busy}>
            {action}
          </Button>
        </Buttons>
      </Stack>
    </Dialog>
  );
}
