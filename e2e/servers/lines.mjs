// What the servers here have in common: they print one JSON object a line, and can end with whom they serve.

// What libraries advise on the console about running them in production would stand among the lines.
console.log = console.info = console.warn = () => {};

export function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Ends this process when its standard input ends, which it does when the test that holds the other end is gone. */
export function endWithInput(wanted) {
  if (!wanted) return;
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
}
