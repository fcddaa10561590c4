/** What a request that got no answer ran into: the code that Node or undici gives it, and words for people. */

/** The code that Node or undici gave to an error, looking through its causes. */
export function systemCode(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'a host name that does not exist (ENOTFOUND)',
  EAI_AGAIN: 'a name server that does not answer (EAI_AGAIN)',
  ECONNREFUSED: 'nobody listening there (ECONNREFUSED)',
  ECONNRESET: 'a connection that was cut (ECONNRESET)',
  UND_ERR_SOCKET: 'a connection that was cut',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'an answer that stopped',
};

/** Completes "found ..."; a code without words stands for itself. */
export function inWords(code: string): string {
  return WORDS[code] ?? code;
}
