const script = document.currentScript as HTMLScriptElement;

/** What the snippet says: the attributes of the script's own element. */
export const said = script.dataset;

// The build puts all of the tracker into a `try`: without a key, or loaded a second time, it does nothing.
if (!said.key || window.octavo?.on) throw new Error();

/** Where events go: beside the script. */
export const address = new URL('collect/v1/events', script.src);
