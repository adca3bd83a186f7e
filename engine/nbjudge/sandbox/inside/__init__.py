"""Everything that runs inside the sandbox, beside `nbjudge.wire`: one folder, one bind mount."""
