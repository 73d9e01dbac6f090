import { CloseButton, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Dialog.module.css';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  closeLabel: string;
  /** While something is being done it stays open, so that its outcome is seen. */
  busy?: boolean;
  children: ReactNode;
}

/** A dialog whose title is a heading and not a page header: a page has only one of those. */
export function Dialog({ opened, onClose, title, closeLabel, busy = false, children }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} centered closeOnEscape={!busy} closeOnClickOutside={!busy}>
      <Modal.Overlay />
      <Modal.Content bg="var(--o-surface)">
        <Modal.Body>
          <div className={classes.head}>
            <Modal.Title className={classes.title}>{title}</Modal.Title>
            <CloseButton onClick={onClose} disabled={busy} aria-label={closeLabel} />
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
