import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { Facts } from '../../ui/Facts';
import { Section } from '../../ui/Section';
import { Secret } from '../../ui/Secret';
import { SideSheet } from '../../ui/SideSheet';
import { useActionWords } from './words';

/** Everything that is recorded of one thing that was done. */
export function EntrySheet({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useActionWords();
  // While the sheet goes away it still says what it was about.
  const [latest, setLatest] = useState(entry);
  if (entry && entry !== latest) setLatest(entry);
  return (
    <SideSheet
      side="right"
      opened={entry !== undefined}
      onClose={onClose}
      title={latest ? words.action(latest.action) : t('audit.entries')}
      closeLabel={t('shell.close')}
    >
      {latest && <Entry entry={latest} />}
    </SideSheet>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useActionWords();
  const english = (text: string | null | undefined) => (text ? <span lang="en">{text}</span> : '–');
  return (
    <>
      <Section title={t('audit.what')}>
        <Facts
          facts={[
            { name: t('audit.when'), value: format.moment(entry.at, undefined) },
            { name: t('audit.who'), value: entry.actor ?? t('audit.nobody') },
            { name: t('audit.subject'), value: entry.subject || '–' },
            { name: t('shell.organisation'), value: entry.organisation ?? '–' },
            { name: t('audit.outcome'), value: words.outcome(entry.outcome) },
          ]}
        />
      </Section>
      <Section title={t('audit.how')}>
        <Facts
          facts={[
            { name: t('audit.via'), value: english(entry.via) },
            { name: t('audit.rule'), value: english(entry.rule) },
            { name: t('audit.from'), value: entry.from ?? '–' },
            { name: t('audit.request'), value: entry.request ?? '–' },
            { name: t('audit.number'), value: String(entry.id) },
          ]}
        />
      </Section>
      {Object.keys(entry.detail ?? {}).length > 0 && (
        <Section title={t('audit.detail')}>
          <Secret label={t('audit.detail')}>{JSON.stringify(entry.detail, null, 2)}</Secret>
        </Section>
      )}
    </>
  );
}
