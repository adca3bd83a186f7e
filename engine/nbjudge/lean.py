"""Imported first by the command: leaves out what only costs time when it starts.

jsonschema, which nbformat uses, imports a grammar of internationalised addresses where it finds
one. Making the parser takes more than a second, and no notebook's schema asks for it.
"""

import sys

GRAMMAR = "rfc3987_syntax"
sys.modules.setdefault(GRAMMAR, None)  # type: ignore[arg-type]  # so that its import fails, which jsonschema expects
