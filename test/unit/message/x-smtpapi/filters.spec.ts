import { describe, expect, it } from 'vitest';

import type { SendGridFields } from '../../../../lib/message/x-smtpapi/sendgrid-fields.js';
import { compiled, refusalOfFields } from './compiled.js';

describe('Tracking and mail settings', () => {
  it('come to filters with all that SendGrid needs of them', () => {
    const fields: SendGridFields = {
      trackingSettings: {
        clickTracking: { enable: true },
        openTracking: { enable: true, substitutionTag: '%open%' },
        subscriptionTracking: {
          enable: true,
          text: 'Leave: <% %>',
          html: '<p><% Leave %></p>',
        },
        ganalytics: {
          enable: true,
          utmSource: 'a',
          utmMedium: 'b',
          utmTerm: '',
          utmContent: 'd',
          utmCampaign: 'e',
        },
      },
      mailSettings: {
        footer: { enable: true, text: 'Bye', html: '' },
        bypassListManagement: { enable: true },
      },
    };

    expect(compiled(fields).filters).toEqual({
      clicktrack: { settings: { enable: 1, enable_text: false } },
      opentrack: { settings: { enable: 1, replace: '%open%' } },
      subscriptiontrack: {
        settings: {
          enable: 1,
          'text/plain': 'Leave: <% %>',
          'text/html': '<p><% Leave %></p>',
        },
      },
      ganalytics: {
        settings: {
          enable: 1,
          utm_source: 'a',
          utm_medium: 'b',
          utm_term: '',
          utm_content: 'd',
          utm_campaign: 'e',
        },
      },
      footer: { settings: { enable: 1, 'text/plain': 'Bye', 'text/html': '' } },
      bypass_list_management: { settings: { enable: 1 } },
    });
  });

  it('switch off with 0', () => {
    const off = { enable: false };

    expect(
      compiled({
        trackingSettings: {
          clickTracking: off,
          openTracking: off,
          subscriptionTracking: off,
          ganalytics: off,
        },
      }).filters,
    ).toEqual({
      clicktrack: { settings: { enable: 0, enable_text: false } },
      opentrack: { settings: { enable: 0 } },
      subscriptiontrack: { settings: { enable: 0 } },
      ganalytics: { settings: { enable: 0 } },
    });
  });

  it('need no text where a tag takes the place of the link', () => {
    const subscriptionTracking = { enable: true, substitutionTag: '[leave]' };

    expect(compiled({ trackingSettings: { subscriptionTracking } })).toEqual({
      filters: {
        subscriptiontrack: {
          settings: {
            enable: 1,
            'text/html': '',
            'text/plain': '',
            replace: '[leave]',
          },
        },
      },
    });
  });

  it.each<[string, object, string]>([
    [
      'Analytics without a part',
      {
        trackingSettings: {
          ganalytics: {
            enable: true,
            utmSource: 'a',
            utmTerm: '',
            utmContent: '',
          },
        },
      },
      '`sendgrid.trackingSettings.ganalytics` is on, and SendGrid takes no part of it from the account then: add `utmMedium`, `utmCampaign`',
    ],
    [
      'a footer for one of two',
      { mailSettings: { footer: { enable: true, html: 'Bye' } } },
      'add `text`',
    ],
    [
      'a subscription without a link',
      {
        trackingSettings: {
          subscriptionTracking: { enable: true, text: 'Leave', html: '' },
        },
      },
      '`sendgrid.trackingSettings.subscriptionTracking.text` must say where the link goes',
    ],
    [
      'one that is neither on nor off',
      { trackingSettings: { clickTracking: { enableText: true } } },
      '`sendgrid.trackingSettings.clickTracking.enable` must be `true` or `false`',
    ],
    [
      '1 for true',
      { mailSettings: { bypassListManagement: { enable: 1 } } },
      '`sendgrid.mailSettings.bypassListManagement.enable` must be `true` or `false`',
    ],
  ])('are refused: %s', async (_label, fields, text) => {
    expect(await refusalOfFields(fields)).toContain(text);
  });
});

describe('Filters', () => {
  it('are sent under SendGrid’s own names', () => {
    const filters = {
      dkim: { settings: { domain: 'shop.example', use_from: 0 } },
      opentrack: { settings: { enable: 0 } },
      something_new: { settings: { enable: 1, level: 2.5, deep: true } },
    };

    expect(compiled({ filters })).toEqual({ filters });
  });

  it('join those that have a field', () => {
    const fields = {
      filters: { opentrack: { settings: { enable: 0 } } },
      trackingSettings: { clickTracking: { enable: false } },
    };

    expect(Object.keys(compiled(fields).filters ?? {})).toEqual([
      'opentrack',
      'clicktrack',
    ]);
  });

  it.each<[string, object, string]>([
    [
      'one that is given twice',
      {
        filters: { opentrack: { settings: { enable: 0 } } },
        trackingSettings: { openTracking: { enable: true } },
      },
      'gives `opentrack`, which another field gives too',
    ],
    [
      'one that lacks a setting',
      { filters: { clicktrack: { settings: { enable: 1 } } } },
      '`sendgrid.filters.clicktrack` lacks `enable_text`',
    ],
    [
      'a setting that it does not have',
      { filters: { clicktrack: { settings: { enabled: 1 } } } },
      'did you mean `sendgrid.filters.clicktrack.settings.enable`?',
    ],
    [
      'true for 1',
      { filters: { opentrack: { settings: { enable: true } } } },
      '`sendgrid.filters.opentrack.settings.enable` must be 0 or 1',
    ],
    [
      '`setting` for `settings`',
      { filters: { opentrack: { setting: { enable: 0 } } } },
      'did you mean `sendgrid.filters.opentrack.settings`?',
    ],
    [
      'no settings',
      { filters: { opentrack: {} } },
      '`sendgrid.filters.opentrack.settings` must be an object',
    ],
    [
      'a name that is nearly one',
      { filters: { click_track: { settings: { enable: 0 } } } },
      'did you mean `clicktrack`?',
    ],
    [
      'a name in capitals',
      { filters: { Something: { settings: { enable: 0 } } } },
      'their names are lower case',
    ],
    [
      'a setting in capitals',
      { filters: { something: { settings: { Enable: 0 } } } },
      'their names are lower case',
    ],
    [
      'a setting that is a list',
      { filters: { something: { settings: { a: [] } } } },
      'must be a string, a number or a boolean',
    ],
  ])('are refused: %s', async (_label, fields, text) => {
    expect(await refusalOfFields(fields)).toContain(text);
  });

  it.each([
    'bcc',
    'spamcheck',
    'gravatar',
    'domainkeys',
    'forwardspam',
    'twitter',
    'drop',
    'sendwithus',
    'bypass_spam_management',
    'bypass_bounce_management',
    'bypass_unsubscribe_management',
    'sandbox_mode',
  ])('that are no more, or not for SMTP, are refused: %s', async (name) => {
    const filters = { [name]: { settings: { enable: 1 } } };

    expect(await refusalOfFields({ filters })).toMatch(
      /was removed by SendGrid|v3 API only|a setting of the account/,
    );
  });
});
