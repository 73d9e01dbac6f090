import { Button, Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../board/CopyButton';
import { Stack } from '../../ui/Layout';
import classes from './TwoFactor.module.css';

/** Shown this once. Each signs one in once, should the phone be lost. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const text = `${codes.join('\n')}\n`;
  // What was pressed is gone by now; reading goes on with what came instead.
  useEffect(() => list.current?.focus(), []);
  return (
    <Stack>
      <Text size="sm" fw={600} role="status">
        {t('twoFactor.codesText')}
      </Text>
      <ul ref={list} tabIndex={-1} className={classes.codes} aria-label={t('twoFactor.codes')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <CopyButton text={text} what={t('twoFactor.codes')} />
          <Button
            component="a"
            variant="default"
            size="xs"
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            download="octavo-recovery-codes.txt"
            leftSection={<IconDownload size={15} aria-hidden />}
          >
            {t('twoFactor.download')}
          </Button>
        </Group>
        <Button onClick={onKept}>{t('twoFactor.kept')}</Button>
      </Group>
    </Stack>
  );
}
