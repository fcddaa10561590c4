/** A campaign starts its servers itself: only what is left of it, however it ends, is ended from outside. */
import { makeRunFolder } from '../helpers/run-folder.js';

export default makeRunFolder;
