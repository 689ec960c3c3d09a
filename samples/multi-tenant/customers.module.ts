import { Module } from '@nestjs/common';
import { Customers } from './customers.js';
import { Relay } from './relay.js';

@Module({
  providers: [Customers, { provide: Relay, useFactory: () => Relay.start() }],
  exports: [Customers, Relay],
})
export class CustomersModule {}
