import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import {
  isMailError,
  MailError,
  MailService,
  SendGridSmtpModule,
} from 'nestjs-sendgrid-smtp';
import { createTemplates } from 'nestjs-sendgrid-smtp/templates';
import {
  FakeSendGrid,
  mailMatchers,
  overrideMail,
  type MailMatchers,
} from 'nestjs-sendgrid-smtp/testing';
import { AppModule, Greeter } from '../src/app.module';

expect.extend(mailMatchers);

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends MailMatchers<R> {}
  }
}

it('reads what the app sends', async () => {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const mail = overrideMail(builder);
  const app = await builder.compile();

  await app.get(Greeter).greet('ada@example.com');

  expect(mail.sent()).toHaveLength(1);
  expect(mail).toHaveSent({ to: 'ada@example.com', subject: /hello/i });
  expect(mail).toHaveSent({ subject: expect.stringContaining('Hello') });
  expect(() => expect(mail).toHaveSent({ subject: 'Bye' })).toThrow(
    /received: "Hello"/,
  );
  expect(mail.lastTo('ada@example.com')).toBeDefined();
  await app.close();
});

it('sends over the wire', async () => {
  const relay = await FakeSendGrid.start();
  const app = await Test.createTestingModule({
    imports: [
      SendGridSmtpModule.forRoot({
        ...relay.options,
        defaults: { from: 'hello@shop.example' },
      }),
    ],
    providers: [Greeter],
  }).compile();

  const receipt = await app.get(Greeter).greet('ada@example.com');

  expect(receipt.accepted).toEqual(['ada@example.com']);
  expect(relay.messages.map(({ subject }) => subject)).toEqual(['Hello']);
  await app.close();
  await relay.stop();
});

it('rejects with the error class of the same copy', async () => {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  overrideMail(builder);
  const app = await builder.compile();

  const error: unknown = await app
    .get(MailService)
    .send({ subject: 'Nobody', text: 'Hi' })
    .catch((reason: unknown) => reason);

  // `instanceof` holds across copies of the package, so it would prove nothing.
  expect((error as Error).constructor).toBe(MailError);
  expect(isMailError(error)).toBe(true);
  await app.close();
});

it('renders templates', async () => {
  const templates = createTemplates({
    resolver: {
      resolve: (name) => ({
        html: { source: '<p>Hi {{name}}</p>', engine: 'hbs' },
        subject: { source: 'For <%= name %>', engine: 'ejs' },
        ...(name === 'bare' && { text: () => 'Hi' }),
      }),
    },
  });
  const builder = Test.createTestingModule({
    imports: [
      SendGridSmtpModule.forRoot({
        mode: 'capture',
        defaults: { from: 'hello@shop.example' },
      }),
    ],
  });
  const mail = overrideMail(builder, 'default', { templates });
  const app = await builder.compile();
  const context = { name: '<Ada>' };

  await app
    .get(MailService)
    .send({ to: 'ada@example.com', template: 'bare', context });

  expect(mail).toHaveSent({
    subject: 'For <Ada>',
    html: '<p>Hi &lt;Ada&gt;</p>',
  });
  await app.close();
});
