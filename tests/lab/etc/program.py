#!$python
"""$name with the lab's configuration, unless another is given."""
import sys

sys.argv[0] = "$name"
if not any(word.startswith("--config-file") for word in sys.argv):
    sys.argv[1:1] = ["--config-file", "$etc/$file", "--log-file", "$log/$name.log"]

from $module import main  # noqa: E402 (Nova looks at sys.argv while it is imported)

sys.exit(main())
