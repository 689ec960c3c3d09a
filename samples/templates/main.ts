import 'reflect-metadata';
import { serve } from '../common/serve.js';
import { AppModule } from './app.module.js';

await serve(AppModule);
