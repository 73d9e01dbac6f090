import { NativeSelect, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isLanguage, languages, remember } from '../i18n/i18n';
import classes from './Shell.module.css';

/** Language and colours, remembered by this browser. */
export function Preferences() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div className={classes.preferences}>
      <NativeSelect
        size="xs"
        aria-label={t('shell.language')}
        value={i18n.language}
        onChange={({ currentTarget: { value } }) => {
          if (!isLanguage(value)) return;
          remember(value);
          void i18n.changeLanguage(value);
        }}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
      />
      <NativeSelect
        size="xs"
        aria-label={t('shell.scheme')}
        value={colorScheme}
        onChange={(event) => setColorScheme(event.currentTarget.value as MantineColorScheme)}
        data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`shell.schemes.${value}`) }))}
      />
    </div>
  );
}
