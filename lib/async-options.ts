import type {
  FactoryProvider,
  ModuleMetadata,
  Provider,
  Type,
} from '@nestjs/common';

/** What every form of `forRootAsync` takes. */
export interface AsyncOptionsBase {
  /** Modules whose exports the factory or class needs. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;

  /** Further providers of the module, for what the factory or class needs. */
  readonly extraProviders?: readonly Provider[];
}

/** Options made by a function. */
export interface OptionsByFunction<Options> {
  /** Makes the options from what is injected. */
  readonly useFactory: (
    // Parameters are contravariant: `never` admits a factory of any parameters.
    ...injected: never[]
  ) => Options | Promise<Options>;

  /** What `useFactory` is called with. */
  readonly inject?: NonNullable<FactoryProvider['inject']>;

  readonly useClass?: never;
  readonly useExisting?: never;
}

/** Options made by a class that the module instantiates. */
export interface OptionsByClass<Factory> {
  /** Instantiated by the module; its dependencies come from `imports`. */
  readonly useClass: Type<Factory>;

  readonly useFactory?: never;
  readonly useExisting?: never;
  readonly inject?: never;
}

/** Options made by a provider that exists already. */
export interface OptionsByProvider<Factory> {
  /** Token of the provider; one of `imports` or a global module exports it. */
  readonly useExisting: Type<Factory> | string | symbol;

  readonly useFactory?: never;
  readonly useClass?: never;
  readonly inject?: never;
}
