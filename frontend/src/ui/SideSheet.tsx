import { CloseButton, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Dialog.module.css';

interface SideSheetProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  closeLabel: string;
  /** The main navigation comes in from the left, what explains the page from the right. */
  side?: 'left' | 'right';
  children: ReactNode;
}

const widths = { left: 280, right: 420 };

/** What stands at the side of a wide screen, over the page of a narrow one. */
export function SideSheet({ opened, onClose, title, closeLabel, side = 'left', children }: SideSheetProps) {
  return (
    <Drawer.Root opened={opened} onClose={onClose} position={side} size={widths[side]}>
      <Drawer.Overlay />
      <Drawer.Content bg="var(--o-surface)">
        <Drawer.Body>
          <div className={classes.head}>
            <Drawer.Title className={classes.title}>{title}</Drawer.Title>
            <CloseButton onClick={onClose} aria-label={closeLabel} />
          </div>
          {children}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
