import { IsEmail, IsNotEmpty, IsString, MaxLength } from 'class-validator';

/** The body of `POST /tenants/:id/mail`. */
export class SendMailDto {
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
