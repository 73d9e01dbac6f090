import { UnstyledButton } from '@mantine/core';
import type { ComponentProps, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { StatusDot } from '../ui/StatusDot';
import { useLive } from './live';
import classes from './StatusLine.module.css';

interface StatusLineProps {
  tone: ComponentProps<typeof StatusDot>['tone'];
  /** As of when the page's numbers are, and how they do. */
  children: ReactNode;
}

/** Under a page's title: how fresh it is, and the switch that stops everything from moving (WCAG 2.2.2). */
export function StatusLine({ tone, children }: StatusLineProps) {
  const { t } = useTranslation();
  const { live, setLive } = useLive();
  return (
    <p className={classes.status}>
      <StatusDot tone={tone}>{children}</StatusDot>
      <UnstyledButton className={classes.pause} onClick={() => setLive(!live)} aria-pressed={!live}>
        {t('freshness.pause')}
      </UnstyledButton>
    </p>
  );
}
