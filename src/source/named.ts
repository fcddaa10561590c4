/** Every kind of source that `source:` can name; a new kind is a file, a line here, and its name in `SourceKind`. */
import { github } from './github.js';
import { azure } from './objects/azure.js';
import { s3 } from './objects/s3.js';
import { path } from './path.js';
import { url } from './url.js';

export const NAMED_SOURCES = [url, github, path, s3, azure] as const;
