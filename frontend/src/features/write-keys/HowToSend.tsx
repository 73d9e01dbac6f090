import { Button, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { WriteKey } from '../../api/types';
import { CopyButton } from '../../board/CopyButton';
import { Stack } from '../../ui/Layout';
import { Panel } from '../../ui/Panel';
import { Secret } from '../../ui/Secret';
import { pageSnippet, sendCommand } from './snippets';

interface HowToSendProps {
  of: WriteKey;
  /** Where pages reach the collector. */
  collector: string;
  onDone: () => void;
}

/** What to paste so that events come with a key: into the pages, and on a command line. */
export function HowToSend({ of, collector, onDone }: HowToSendProps) {
  const { t } = useTranslation();
  const start = useRef<HTMLParagraphElement>(null);
  // Whatever it was asked from may be gone, or far below; reading goes on here.
  useEffect(() => start.current?.focus(), []);
  const parts = [
    { what: t('writeKeys.snippet'), text: pageSnippet(collector, of.key), hint: undefined },
    { what: t('writeKeys.command'), text: sendCommand(collector, of.key), hint: t('writeKeys.commandHint') },
  ];
  return (
    <Panel
      title={t('writeKeys.howTo', { name: of.name })}
      actions={
        <Button size="xs" variant="default" onClick={onDone}>
          {t('writeKeys.done')}
        </Button>
      }
    >
      <Stack>
        <Text ref={start} tabIndex={-1} size="sm">
          {t('writeKeys.howToText')}
        </Text>
        {parts.map(({ what, text, hint }) => (
          <Stack key={what}>
            <Text size="sm" fw={600}>
              {what}
            </Text>
            {hint && <Text size="sm">{hint}</Text>}
            <Secret label={what}>{text}</Secret>
            <div>
              <CopyButton text={text} what={what} />
            </div>
          </Stack>
        ))}
      </Stack>
    </Panel>
  );
}
