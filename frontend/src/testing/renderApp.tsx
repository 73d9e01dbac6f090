import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { App } from '../app/App';
import { start } from '../app/start';
import { createI18n } from '../i18n/i18n';

/** The whole application at an address, in English. */
export function renderApp(address: string) {
  const { queries, router } = start(createMemoryHistory({ initialEntries: [address] }), 0);
  render(<App router={router} queries={queries} i18n={createI18n('en')} />);
  return { queries, router };
}
