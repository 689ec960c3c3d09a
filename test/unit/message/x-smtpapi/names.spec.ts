import { describe, expect, it } from 'vitest';

import { refusalOfFields } from './compiled.js';

describe('An unknown name', () => {
  it.each<[string, object, string]>([
    ['a slip', { catagories: 'a' }, 'did you mean `sendgrid.categories`?'],
    [
      'the HTTP API’s',
      { custom_args: {} },
      'did you mean `sendgrid.customArgs`?',
    ],
    ['snake case', { send_at: 1 }, 'did you mean `sendgrid.sendAt`?'],
    ['X-SMTPAPI’s', { unique_args: {} }, 'is called `customArgs` here'],
    ['X-SMTPAPI’s group', { asm_group_id: 1 }, 'is called `asm.groupId` here'],
    ['recipients', { to: [] }, "name recipients in the message's `to`"],
    ['sections', { section: {} }, 'was removed by SendGrid in 2020'],
    ['data of templates', { dynamicTemplateData: {} }, 'dynamic templates'],
    ['personalizations', { personalizations: [] }, 'a value for each of `to`'],
    [
      'a setting inside',
      { trackingSettings: { clickTraking: {} } },
      'did you mean `sendgrid.trackingSettings.clickTracking`?',
    ],
    [
      'the sandbox',
      { mailSettings: { sandboxMode: { enable: true } } },
      "use the option `mode: 'capture'`",
    ],
    [
      'another bypass',
      { mailSettings: { bypassSpamManagement: { enable: true } } },
      'v3 API only',
    ],
    [
      'in a group',
      { asm: { groupID: 1, group: 2 } },
      'did you mean `sendgrid.asm.groupId`?',
    ],
    [
      'something else',
      { wibble: 1 },
      'the fields here are categories, customArgs',
    ],
  ])('is refused with the right one: %s', async (_label, fields, text) => {
    expect(await refusalOfFields(fields)).toContain(text);
  });

  it('is no field when its value is undefined', async () => {
    const refusal = await refusalOfFields({ wibble: undefined, wobble: 1 });

    expect(refusal).toContain('`sendgrid.wobble`');
  });
});
