import { PACKAGE_CHOICE } from '@doorstep/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const CHOICE = { anyOf: [{ type: 'string', format: 'uuid' }, { enum: ['auto', 'none'] }] };
const EXAMPLE = '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a';

/** Which of the resident's packages is to pay. Billing alone knows packages and decides; here it is a word that travels along. */
export function PackageChoiceField(leftOut = 'as auto'): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      description:
        "The resident's package that it is to take a use of, or none: the price list holds. auto: of the one that ends " +
        `first, where there is any. Left out: ${leftOut}. The charge is declined when the package has nothing for it.`,
      ...CHOICE,
      example: EXAMPLE,
    } as object),
    IsOptional(),
    Matches(PACKAGE_CHOICE, { message: '$property must be auto, none or the id of a package' }),
  );
}

/** The same in an answer: not there when billing chooses. */
export function PackageWishField(): PropertyDecorator {
  const description =
    "The package that was named, or none of them; left out: of the resident's own that ends first.";
  return ApiPropertyOptional({ description, ...CHOICE, example: EXAMPLE } as object);
}
