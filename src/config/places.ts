/** Where files lie that no variable names: in the clone, or in the user's own folders for an installed package. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, sep } from 'node:path';

/** This checkout or installation: where package.json, sql/ and samples/ are. */
export const projectDirectory = projectOf(import.meta.dirname);

/** From a module of src/ or dist/, or from a chunk of the bundle that it has become part of. */
function projectOf(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : projectOf(dirname(folder));
}

/** A package of npm, which the next update replaces: nothing may be kept there. */
export const isInstalled = projectDirectory.split(sep).includes('node_modules');

export interface Places {
  readonly config: string;
  readonly CACHE_DIR: string;
  readonly WORK_DIR: string;
  readonly LOG_FILE: string;
  readonly STACK_DIR: string;
}

/** From whichever folder a command is called, it finds the stack and the configuration of its clone. */
export function placesInClone(clone: string): Places {
  return {
    config: join(clone, 'kaggle_datasets_config.yaml'),
    CACHE_DIR: join(clone, 'cache'),
    WORK_DIR: join(clone, 'work'),
    LOG_FILE: join(clone, 'kaggle_import.log'),
    STACK_DIR: join(clone, '.stack'),
  };
}

/** https://specifications.freedesktop.org/basedir-spec/: a path that is not absolute counts as unset. */
export function placesOfUser(variables: Readonly<Record<string, string>>): Places {
  const base = (name: string, usual: string): string => {
    const set = variables[name];
    const folder = set !== undefined && isAbsolute(set) ? set : join(homedir(), usual);
    return join(folder, 'kaggle-import');
  };
  const cache = base('XDG_CACHE_HOME', '.cache');
  return {
    config: join(base('XDG_CONFIG_HOME', '.config'), 'kaggle_datasets_config.yaml'),
    // Both on one disk: what is unpacked is linked from there.
    CACHE_DIR: join(cache, 'cache'),
    WORK_DIR: join(cache, 'work'),
    LOG_FILE: join(base('XDG_STATE_HOME', '.local/state'), 'kaggle_import.log'),
    // Databases and objects: nobody could make them again.
    STACK_DIR: join(base('XDG_DATA_HOME', '.local/share'), 'stack'),
  };
}

export function defaultPlaces(variables: Readonly<Record<string, string>>): Places {
  return isInstalled ? placesOfUser(variables) : placesInClone(projectDirectory);
}
