/** Words that columns are called by, and the spellings that only names have. */

const USUAL = new Set(
  (
    'id ids index idx key code codes name names title titles label labels class type types kind category categories ' +
    'group groups value values count counts total number num no nr date dates time datetime timestamp year years month ' +
    'day week hour start end begin from to source target url urls link links uri image file filename path text texts ' +
    'word words term message comment comments review reviews description desc notes note status state states country ' +
    'countries city cities region regions county province district address street zip postcode zipcode latitude lat ' +
    'longitude lon lng email phone gender sex age price prices cost amount quantity rate rating score rank size length ' +
    'width height weight color colour species variety family genus brand model make product item items user username ' +
    'author authors artist album track genre language lang sentence question answer response query content body ' +
    'subject topic sentiment tag tags abbreviation abbrev iso alpha2 alpha3 symbol unit units currency continent ' +
    'department company employer job occupation education level grade team player position result outcome party ' +
    'variable definition format role owner version sample x y z locale abbr prefix suffix mean median std min max avg sum ' +
    'percent percentage ratio frequency speed distance duration temperature humidity pressure population area capital ' +
    'salary income revenue profit sales stock balance discount tax birthday dob firstname lastname surname nationality'
  ).split(' '),
);

export function isUsualName(text: string): boolean {
  const words = text
    .trim()
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_')
    .toLowerCase()
    .split(/[\s_.-]+/);
  if (words.length > 4) return false;
  return (
    USUAL.has(words.join('')) ||
    USUAL.has(words.at(-1)!) ||
    (words.length > 1 && words.length < 4 && USUAL.has(words[0]!))
  );
}

/** `snake_case`, `camelCase`, `dotted.name`: no text of people is spelled so. */
export function looksLikeIdentifier(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9]*([_.][A-Za-z0-9]+)+$|^[a-z]+([A-Z][a-z0-9]+)+$|^#\w+$/.test(
    text.trim(),
  );
}
