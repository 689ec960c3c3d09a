/** The version of this package, as nodemailer shows it. */
export const VERSION = '0.0.0';
