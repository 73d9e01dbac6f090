import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Copies a text. `what` says which, for those who hear the button without seeing what it stands beside. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 3_000 });
  const Icon = clipboard.copied ? IconCheck : IconCopy;
  const label = clipboard.copied ? t('copy.done') : t('copy.do');
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon size={15} aria-hidden />}
      aria-label={`${label}: ${what}`}
      onClick={() => clipboard.copy(text)}
    >
      {label}
    </Button>
  );
}
