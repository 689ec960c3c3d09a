import 'reflect-metadata';
import { serve } from '../../sample/src/serve.js';
import { AppModule } from './app.module.js';

await serve(AppModule);
