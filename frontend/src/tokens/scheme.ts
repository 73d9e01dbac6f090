const storageKey = 'mantine-color-scheme-value';

/**
 * Puts the remembered colour scheme on the page before React draws anything. It is a module and not an inline script,
 * because the server's content security policy allows no inline scripts.
 */
export function applyRememberedScheme(): void {
  let remembered: string | null = null;
  try {
    remembered = window.localStorage.getItem(storageKey);
  } catch {
    // Storage may be forbidden; the system's scheme is used then.
  }
  const dark =
    remembered === 'dark' || (remembered !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}
