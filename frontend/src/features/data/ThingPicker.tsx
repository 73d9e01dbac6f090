import { Radio, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bookQuery, booksQuery, schoolsQuery } from '../../api/entities';
import { bookOf, type Thing } from './unknown';

const mostFound = 8;

interface Found {
  code: string;
  name: string;
}

interface Asked {
  what: Thing;
  site: string;
  /** The id that nobody knows. */
  given: string;
}

/** The things that are known, by a part of their name or code; the chapters of a book are few. */
function useFound({ what, site, given }: Asked, q: string): { found: Found[]; asked: boolean } {
  const words = q.trim();
  const schools = useQuery({ ...schoolsQuery({ q: words, site, limit: mostFound }), enabled: what === 'school' });
  const books = useQuery({ ...booksQuery({ q: words, limit: mostFound }), enabled: what === 'book' });
  const book = useQuery({ ...bookQuery(bookOf(given)), enabled: what === 'chapter' });
  const has = ({ code, name }: Found) => `${code} ${name}`.toLowerCase().includes(words.toLowerCase());
  const chapters = (book.data?.chapters ?? [])
    .map(({ code, name }) => ({ code: `${bookOf(given)}:${code}`, name }))
    .filter(has);
  const found = { school: schools.data?.items, book: books.data?.items, chapter: chapters }[what] ?? [];
  return { found: found.slice(0, mostFound), asked: !schools.isLoading && !books.isLoading && !book.isLoading };
}

interface ThingPickerProps extends Asked {
  chosen: string | undefined;
  onChange: (code: string) => void;
}

export function ThingPicker({ chosen, onChange, ...what }: ThingPickerProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [words] = useDebouncedValue(typed, 250);
  const { found, asked } = useFound(what, words);
  return (
    <Stack gap="sm">
      <TextInput
        type="search"
        label={t('alias.find')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {asked && found.length === 0 ? (
        <Text size="sm" c="dimmed" role="status">
          {t('alias.notFound')}
        </Text>
      ) : (
        <Radio.Group label={t('alias.means')} value={chosen ?? ''} onChange={onChange}>
          <Stack gap={8} mt={6}>
            {found.map(({ code, name }) => (
              <Radio key={code} value={code} label={name} description={code} />
            ))}
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  );
}
