/** The page runs its own scripts and styles, asks nobody else, and is in no frame. */
export const PAGE_POLICY = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  // What a mail's link opens has no way back here.
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

/**
 * What the html of a mail may do: be looked at. Images of other places only
 * when asked for; its links open windows of their own.
 */
export function htmlPolicy(remoteImages: boolean): Record<string, string> {
  const images = remoteImages ? 'data: https: http:' : 'data:';
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      `img-src ${images}`,
      "style-src 'unsafe-inline'",
      'font-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
      'sandbox allow-popups allow-popups-to-escape-sandbox',
    ].join('; '),
    'X-Frame-Options': 'SAMEORIGIN',
  };
}
