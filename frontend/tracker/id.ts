const random = () => (crypto.getRandomValues(new Uint8Array(1))[0]! & 15).toString(16);

/** A UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds since 1970, then 72 random bits, so that ids sort by time. */
export const uuid = (): string =>
  Date.now().toString(16).padStart(12, '0').replace(/.{8}/, '$&-') + '-7xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, random);
