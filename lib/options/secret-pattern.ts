/**
 * How a text shows that a secret may begin: an API key, its base64 form, the
 * user name or AUTH PLAIN in base64, a private key.
 */
export const SECRET_START = /SG\.|U0cu|YXBpa2V5|AGFwaWtleQ|-----BEGIN/;
