import { IsEmail, IsNotEmpty, IsString, MaxLength } from 'class-validator';

/** The body of `POST /outbox`. */
export class EnqueueMailDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  readonly id!: string;

  @IsEmail()
  readonly to!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly subject!: string;

  @IsString()
  @IsNotEmpty()
  readonly text!: string;
}
