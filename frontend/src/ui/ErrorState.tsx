import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import classes from './State.module.css';

interface ErrorStateProps {
  title: string;
  detail?: string;
  retry?: { label: string; onRetry: () => void };
}

export function ErrorState({ title, detail, retry }: ErrorStateProps) {
  return (
    <div className={`${classes.state} ${classes.error}`} role="alert">
      <IconAlertTriangle size={28} stroke={1.5} aria-hidden className={classes.icon} />
      <p className={classes.title}>{title}</p>
      {detail && <p className={classes.text}>{detail}</p>}
      {retry && (
        <Button size="xs" variant="default" onClick={retry.onRetry}>
          {retry.label}
        </Button>
      )}
    </div>
  );
}
