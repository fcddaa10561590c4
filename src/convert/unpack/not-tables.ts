/** Extensions of files that are known to be no tables: left in their archive, whatever their size. */

const IMAGES = 'jpg jpeg jpe jfif png gif bmp tif tiff webp svg ico heic psd ppm pgm dcm nii';
const SOUND_AND_FILM = 'wav mp3 flac ogg m4a aac mid midi mp4 avi mov mkv webm mpg mpeg wmv';
const DOCUMENTS = 'pdf doc docx ppt pptx rtf odt odp epub tex md rst html htm xml css xsd dtd bib';
const PROGRAMS =
  'py ipynb r rmd js mjs ts jsx tsx java c cc cpp h hpp cs go rs sh bat ps1 sql php rb pl scala kt swift m class jar apk exe dll so whl';
const SETTINGS = 'yml yaml toml ini cfg conf lock gitignore gitattributes log';
const MODELS =
  'pkl pickle joblib h5 hdf5 hdf keras pt pth ckpt onnx pb tflite safetensors bin model weights params tfrecord tfrecords';
const OTHER_DATA = 'shp shx prj cpg las laz nc grib fits';
const FONTS_AND_SHAPES = 'ttf otf woff woff2 obj stl ply glb gltf fbx';

const NO_TABLES: ReadonlySet<string> = new Set(
  [IMAGES, SOUND_AND_FILM, DOCUMENTS, PROGRAMS, SETTINGS, MODELS, OTHER_DATA, FONTS_AND_SHAPES]
    .join(' ')
    .split(' '),
);

/** Anything else may be a table: its content decides. */
export function isNoTable(extension: string): boolean {
  return NO_TABLES.has(extension);
}
