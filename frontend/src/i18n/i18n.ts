import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';
import et from './et.json';

export const languages = { en: 'English', et: 'Eesti' } as const;
export type Language = keyof typeof languages;

const storageKey = 'octavo-language';

export function isLanguage(text: unknown): text is Language {
  return typeof text === 'string' && text in languages;
}

function preferred(): Language {
  try {
    const remembered = window.localStorage.getItem(storageKey);
    if (isLanguage(remembered)) return remembered;
  } catch {
    // Storage may be forbidden; the browser's languages decide then.
  }
  return navigator.languages.map((each) => each.slice(0, 2)).find(isLanguage) ?? 'en';
}

export function remember(language: Language): void {
  try {
    window.localStorage.setItem(storageKey, language);
  } catch {
    // The choice lasts as long as the page then.
  }
}

export function createI18n(language: Language = preferred()): i18n {
  const instance = createInstance();
  instance.on('languageChanged', (changed) => {
    document.documentElement.lang = changed;
  });
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, et: { translation: et } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return instance;
}
