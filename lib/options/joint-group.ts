import { OptionGroup, type UnknownName } from './option-group.js';
import { RuleEvenIfAbsent } from './rule.js';

/** Options of which each is required once the group is given at all. */
export abstract class JointGroup extends OptionGroup {
  #given = false;

  get given(): boolean {
    return this.#given;
  }

  override take(input: object, path?: string): UnknownName[] {
    this.#given = true;
    return super.take(input, path);
  }
}

/** Requires an option of a {@link JointGroup} that is given; `because` says what goes together. */
export function Joint(because: string): PropertyDecorator {
  return RuleEvenIfAbsent((value, group) => {
    const given = group instanceof JointGroup && group.given;
    return given && value === undefined ? `is required: ${because}` : undefined;
  });
}
