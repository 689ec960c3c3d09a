import {
  IsEmail,
  IsLocale,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';

/** The body of `POST /welcome`. */
export class WelcomeDto {
  @IsEmail()
  readonly to!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly name!: string;

  @IsOptional()
  @IsLocale()
  readonly locale?: string;
}
