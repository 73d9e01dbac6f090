/** The origins that somebody typed: one per line, or with commas or blanks between. */
export function originsIn(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((each) => each !== '');
}

/** What is put into every page of the platform. */
export function pageSnippet(collector: string, key: string): string {
  return [
    '<script>window.octavo=window.octavo||function(){(octavo.q=octavo.q||[]).push(arguments)}</script>',
    `<script async src="${collector}/octavo.js" data-key="${key}"`,
    `  data-person="platform's id" data-role="student" data-school="S001" data-book="9789949000000" data-chapter="3"></script>`,
  ].join('\n');
}

/** A command that shows whether the key works, and counts nothing: events would stand between the brackets. */
export function sendCommand(collector: string, key: string): string {
  return [
    `curl -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\`,
    `  -d '[]' "${collector}/collect/v1/events"`,
  ].join('\n');
}
