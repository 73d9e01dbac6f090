import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

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
    <Modal opened={opened} onClose={onCancel} title={t('pools.confirm')} centered closeButtonProps={{ 'aria-label': t('pools.cancel') }}>
      <Text size="sm">{text}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onCancel}>
          {t('pools.cancel')}
        </Button>
        <Button onClick={onConfirm} loading={busy}>
          {t('pools.confirmSubmit')}
        </Button>
      </Group>
    </Modal>
  );
}
