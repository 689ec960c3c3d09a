import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { SendMailDto } from '../../sample/src/send-mail.dto.js';

/** The body of `POST /outbox`. */
export class EnqueueMailDto extends SendMailDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  readonly id!: string;
}
