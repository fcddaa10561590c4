"""Real names in the encodings that write them: none is read wrongly without a word."""

import os
import pathlib

FILES = 60
SEED = 20261126


def check_no_encoding_is_wrong_without_a_word(context):
    """The short form of conformance/fuzz/judge_encodings.py, whose long one anyone can run with other files."""
    python = pathlib.Path(os.environ["NAMES"]) / "bin/python"
    judge = context.project / "conformance" / "fuzz" / "judge_encodings.py"
    command = [str(python), str(judge), "--files", str(FILES), "--seed", str(SEED)]
    context.run(command, context.plain_environment())
    return f"{FILES} files from seed {SEED}"
