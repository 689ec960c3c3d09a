import { Module } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { CustomersModule } from './customers.module.js';
import { Customers } from './customers.js';
import { Relay } from './relay.js';
import { TenantController } from './tenant.controller.js';

@Module({
  imports: [
    CustomersModule,
    SendGridSmtpModule.forRootAsync({
      imports: [CustomersModule],
      inject: [Relay, Customers],
      useFactory: (relay: Relay, customers: Customers) => ({
        ...relay.options,
        tenants: (id) => customers.mailOptions(id),
        shutdown: { onReport: () => relay.stop() },
      }),
    }),
  ],
  controllers: [TenantController],
})
export class AppModule {}
