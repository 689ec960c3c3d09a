/**
 * Whether a value may hold a secret: an API key, its base64 form, the user
 * name or AUTH PLAIN in base64, a private key. Strict: such values are not
 * printed at all.
 */
export const SECRET_HINT = /SG\.|U0cu|YXBpa2V5|AGFwaWtleQ|-----BEGIN/;

/** Where in a text a secret begins; ordinary words and sentences pass. */
export const SECRET_START =
  /\bSG\.[\w-]{3}|SG\.[\w-]{16}|(?:U0cu|YXBpa2V5|AGFwaWtleQ)[\w+/]{6}|-----BEGIN/;
