import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';

interface ConfirmPoolProps {
  opened: boolean;
  busy: boolean;
  text: string;
  onCancel: () => void;
  onConfirm: () => void;
}

export function ConfirmPool({ opened, busy, text, onCancel, onConfirm }: ConfirmPoolProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onCancel} title={t('pools.confirm')} closeLabel={t('shell.close')}>
      <Text size="sm">{text}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onCancel}>
          {t('pools.cancel')}
        </Button>
        <Button onClick={onConfirm} loading={busy}>
          {t('pools.confirmSubmit')}
        </Button>
      </Group>
    </Dialog>
  );
}
