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

export function DownloadLink({ href, text, what, strong = false }: DownloadLinkProps) {
  return (
    <a className={classes.link} data-strong={strong} href={href} download aria-label={`${text}: ${what}`}>
      <IconDownload size={16} stroke={1.8} aria-hidden />
      {text}
    </a>
  );
}
