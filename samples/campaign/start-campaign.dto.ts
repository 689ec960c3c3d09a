import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsEmail,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/** One recipient of a campaign. */
export class CampaignRecipientDto {
  @IsEmail()
  readonly to!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly name!: string;
}

/** The body of `POST /campaigns`. */
export class StartCampaignDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly subject!: string;

  /** `-name-` in it, or in the subject, is the recipient's name. */
  @IsString()
  @IsNotEmpty()
  readonly html!: string;

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => CampaignRecipientDto)
  readonly recipients?: CampaignRecipientDto[];

  /** How many recipients to make up, when there are none. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly count?: number;
}
