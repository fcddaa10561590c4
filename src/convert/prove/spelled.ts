/** Rules for values that are spelled in another way than the type prints them: read as if spelled the usual way. */
import type { TypeRule } from './rule.js';

export interface Spelling {
  /** What the new rule is called, by the name of the one it builds on. */
  readonly name: (rule: string) => string;
  /** SQL: the text `x` as the rule it builds on spells it. */
  readonly plain: (x: string) => string;
  /** SQL truth: `x` may be spelled so at all; every text unless said. */
  readonly allowed?: (x: string) => string;
  /** SQL: what of `x` the null tokens are compared with; the whole of it unless said. */
  readonly bare?: (x: string) => string;
}

/** Holds where the text is allowed and `rule` holds for what it spells. */
export function spelled(rule: TypeRule, spelling: Spelling): TypeRule {
  const { name, plain, allowed, bare } = spelling;
  const { measures, fit, narrowest, unfit } = rule;
  const again = (inner: TypeRule): TypeRule => spelled(inner, spelling);
  return {
    type: rule.type,
    rule: name(rule.rule),
    cast: (x) => rule.cast(plain(x)),
    holds: (x) => (allowed ? `(${allowed(x)} AND ${rule.holds(plain(x))})` : rule.holds(plain(x))),
    ...(bare && { bare }),
    ...(measures && { measures: (x, isValue) => measures(plain(x), isValue) }),
    ...(narrowest && { narrowest: (min, max) => again(narrowest(min, max)) }),
    ...(unfit !== undefined && { unfit }),
    ...(fit && {
      fit: (measured) => {
        const fitted = fit(measured);
        return fitted && { ...fitted, rule: again(fitted.rule) };
      },
    }),
  };
}

/** SQL: the text without the blanks and tabs around it. */
export function bareText(x: string): string {
  return `trim(${x}, e' \\t')`;
}

/** Blanks in front and behind are no part of the value. */
export function behindBlanks(rule: TypeRule): TypeRule {
  return spelled(rule, {
    name: (name) => `${name} behind blanks`,
    plain: bareText,
    bare: bareText,
  });
}

/** Numbers whose decimal mark is a comma; a point in them would be something else. */
export function withDecimalComma(rule: TypeRule): TypeRule {
  return spelled(rule, {
    name: () => 'decimal comma',
    plain: (x) => `replace(${x}, ',', '.')`,
    allowed: (x) => `NOT contains(${x}, '.')`,
  });
}
