import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { App } from '../app/App';
import { start } from '../app/start';
import { createI18n } from '../i18n/i18n';

/** The organisation whose pages a test opens. */
export const place = '/o/octavo';

/** Starts the application at an address, which is the whole of it where it begins with the organisation. */
export function startAt(address: string) {
  const whole = address.startsWith('/o/') ? address : place + address;
  return start(createMemoryHistory({ initialEntries: [whole] }), 0);
}

/** The whole application at an address of the organisation, in English. */
export function renderApp(address: string) {
  const { queries, router } = startAt(address);
  render(<App router={router} queries={queries} i18n={createI18n('en')} />);
  return { queries, router };
}

/** The whole application at a page that belongs to no organisation. */
export function renderOutside(address: string) {
  const { queries, router } = start(createMemoryHistory({ initialEntries: [address] }), 0);
  render(<App router={router} queries={queries} i18n={createI18n('en')} />);
  return { queries, router };
}
