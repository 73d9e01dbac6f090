import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewKey } from '../../api/types';
import { CopyButton } from '../../board/CopyButton';
import { Stack } from '../../ui/Layout';
import { Panel } from '../../ui/Panel';
import { Secret } from '../../ui/Secret';

/** A command that uses the key for what it is for. A key belongs to one organisation, so the address names none. */
function exampleFor({ key, secret }: NewKey): string {
  const api = `${window.location.origin}/api/v1`;
  const asked = key.scopes.includes('usage:read')
    ? `${api}/catalog`
    : key.scopes.includes('statements:read')
      ? `${api}/statements`
      : `${api}/session`;
  return `curl -H "Authorization: Bearer ${secret}" \\\n  "${asked}"`;
}

/** The secret of a key that was just made. It is kept nowhere, so it is shown this once. */
export function SecretPanel({ made, onKept }: { made: NewKey; onKept: () => void }) {
  const { t } = useTranslation();
  const start = useRef<HTMLDivElement>(null);
  const example = exampleFor(made);
  // The dialog it came from is gone; reading goes on here.
  useEffect(() => start.current?.focus(), []);
  return (
    <Panel title={t('keys.made', { name: made.key.name })}>
      <Stack>
        <Text ref={start} tabIndex={-1} role="status" size="sm" fw={600}>
          {t('keys.once')}
        </Text>
        <Secret label={t('keys.secret')}>{made.secret}</Secret>
        <div>
          <CopyButton text={made.secret} what={t('keys.secret')} />
        </div>
        <Text size="sm">{t('keys.exampleText')}</Text>
        <Secret label={t('keys.example')}>{example}</Secret>
        <Group justify="space-between">
          <CopyButton text={example} what={t('keys.example')} />
          <Button onClick={onKept}>{t('keys.kept')}</Button>
        </Group>
      </Stack>
    </Panel>
  );
}
