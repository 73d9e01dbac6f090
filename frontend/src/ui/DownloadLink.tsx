import { IconDownload } from '@tabler/icons-react';
import classes from './DownloadLink.module.css';

interface DownloadLinkProps {
  href: string;
  /** What is seen; the accessible name begins with it. */
  text: string;
  /** What the file holds. */
  what: string;
  strong?: boolean;
}

function fileName(what: string): string {
  return `octavo-${what.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}.csv`;
}

export function DownloadLink({ href, text, what, strong = false }: DownloadLinkProps) {
  return (
    <a
      className={classes.link}
      data-strong={strong}
      href={href}
      download={fileName(what)}
      aria-label={`${text}: ${what}`}
    >
      <IconDownload size={16} stroke={1.8} aria-hidden />
      {text}
    </a>
  );
}
